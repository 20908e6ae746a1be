SELECT truncate_local_data_after_distributing_table('{table}')
