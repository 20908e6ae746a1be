SELECT epoch FROM system
