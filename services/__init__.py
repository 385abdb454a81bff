"""The five services.  They meet on the broker, in the database's read contracts and nowhere else."""
