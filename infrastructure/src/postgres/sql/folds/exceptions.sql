-- Whether any space has other versions than the rest.
SELECT EXISTS (SELECT FROM space_folds) AS any
