//! Two engines behind one door: transactions, statements, migrations, blobs.
