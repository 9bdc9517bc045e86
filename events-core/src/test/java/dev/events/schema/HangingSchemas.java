package dev.events.schema;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;

/** Never answers. */
final class HangingSchemas implements Schemas {

	private final CountDownLatch never = new CountDownLatch(1);

	@Override
	public SchemaRecord add(SchemaRecord schema) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<SchemaRecord> list() {
		try {
			this.never.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return List.of();
	}

}
