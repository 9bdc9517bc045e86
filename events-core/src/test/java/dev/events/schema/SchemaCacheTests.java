package dev.events.schema;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.events.EventStoreException;
import dev.events.store.SchemaRecord;
import dev.events.store.Schemas;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class SchemaCacheTests {

	private final AtomicLong now = new AtomicLong();

	private final AtomicInteger reads = new AtomicInteger();

	private volatile List<SchemaRecord> stored = List.of();

	private volatile boolean down;

	private final SchemaCache cache = new SchemaCache(new Schemas() {

		@Override
		public SchemaRecord add(SchemaRecord schema) {
			throw new UnsupportedOperationException();
		}

		@Override
		public List<SchemaRecord> list() {
			SchemaCacheTests.this.reads.incrementAndGet();
			if (SchemaCacheTests.this.down) {
				throw new EventStoreException("down", null);
			}
			return SchemaCacheTests.this.stored;
		}

	}, this.now::get);

	private void pass(Duration duration) {
		this.now.addAndGet(duration.toNanos());
	}

	private boolean knows(SchemaSnapshot snapshot) {
		return snapshot.find("a.b", "1.0.0") != null;
	}

	@Test
	void readsAtFirstUseAndThenOnceInAWhile() {
		this.cache.current();
		this.stored = List.of(new SchemaRecord("a.b", "1.0.0", "{}"));
		assertThat(knows(this.cache.current())).isFalse();
		pass(Duration.ofSeconds(4));
		assertThat(knows(this.cache.current())).isFalse();
		assertThat(this.reads).hasValue(1);
		pass(Duration.ofSeconds(7));
		assertThat(knows(this.cache.current())).isTrue();
		assertThat(this.reads).hasValue(2);
	}

	@Test
	void publishersGoOnWhileItIsReadAgain() {
		this.cache.current();
		this.stored = List.of(new SchemaRecord("a.b", "1.0.0", "{}"));
		pass(Duration.ofSeconds(6));
		this.cache.current();
		await().until(() -> knows(this.cache.current()));
	}

	@Test
	void whatIsMissingIsLookedForButNotAllTheTime() {
		this.cache.current();
		this.stored = List.of(new SchemaRecord("a.b", "1.0.0", "{}"));
		assertThat(knows(this.cache.newest())).isFalse();
		pass(Duration.ofSeconds(1));
		assertThat(knows(this.cache.newest())).isTrue();
	}

	@Test
	void whatIsKnownStaysWhileTheStoreIsDown() {
		this.stored = List.of(new SchemaRecord("a.b", "1.0.0", "{}"));
		this.cache.current();
		this.down = true;
		pass(Duration.ofSeconds(20));
		assertThat(knows(this.cache.current())).isTrue();
		assertThat(knows(this.cache.current())).isTrue();
		assertThat(this.reads).hasValue(2);
		assertThatExceptionOfType(EventStoreException.class).isThrownBy(this.cache::recent);
	}

	@Test
	void aStoredSchemaThatCannotBeReadHidesNoOther() {
		this.stored = List.of(new SchemaRecord("a.b", "0.9.0", "{"), new SchemaRecord("a.b", "1.0.0", "{}"));
		assertThat(knows(this.cache.current())).isTrue();
	}

}
