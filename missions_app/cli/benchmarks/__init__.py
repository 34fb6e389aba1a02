"""What `missions bench` measures, on a database of its own that is thrown away afterwards."""
