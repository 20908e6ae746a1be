-- Whether anything is in {table}.
SELECT EXISTS (SELECT FROM {table}) AS has_rows
