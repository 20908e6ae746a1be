SELECT pid
FROM rebuild.running
