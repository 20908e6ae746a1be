SELECT live_entities FROM heads WHERE space_id = $1
