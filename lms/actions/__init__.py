"""One function per use case: who may, one transaction, what follows from it. No Flask."""
