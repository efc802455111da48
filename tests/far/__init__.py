"""Videos in an object store, a real one."""
