SELECT create_distributed_table('{table}', 'space_id', colocate_with => '{together}')
