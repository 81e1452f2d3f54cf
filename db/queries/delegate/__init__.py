"""What a delegate's people read: columns one by one, for under their role the database gives no others."""
