package dev.events.test.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.events.store.Wakeups.Kind;
import dev.events.store.Wakeups.Listening;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes tell each other that there is something to do. Signals without reason are
 * allowed; so tests only ask for those that must come. All nodes here share one store
 * object: what reaches other processes is the store's own matter.
 */
abstract class WakeupsContract extends StoreContract {

	private final List<Listening> listenings = new ArrayList<>();

	@AfterEach
	void stopListening() {
		this.listenings.forEach(Listening::close);
	}

	@Test
	void anotherNodeHearsOfEvents() {
		anotherNodeHears(Kind.EVENTS);
	}

	@Test
	void anotherNodeHearsOfDeliveries() {
		anotherNodeHears(Kind.DELIVERIES);
	}

	@Test
	void anotherNodeHearsOfPartitions() {
		anotherNodeHears(Kind.PARTITIONS);
	}

	private void anotherNodeHears(Kind kind) {
		Ear ear = new Ear();
		listen("node-2", ear);
		signal("node-1", kind);
		assertThat(ear.hears(kind)).isTrue();
	}

	@Test
	void allOthersHear() {
		Ear second = new Ear();
		Ear third = new Ear();
		listen("node-1", new Ear());
		listen("node-2", second);
		listen("node-3", third);
		signal("node-1", Kind.EVENTS);
		assertThat(second.hears(Kind.EVENTS)).isTrue();
		assertThat(third.hears(Kind.EVENTS)).isTrue();
		signal("node-3", Kind.EVENTS);
		assertThat(second.hears(Kind.EVENTS)).isTrue();
	}

	@Test
	void whoHasEndedHearsNothingAndOthersGoOn() {
		Ear ended = new Ear();
		Ear ear = new Ear();
		listen("node-2", ended).close();
		ended.forget();
		listen("node-3", ear);
		signal("node-1", Kind.EVENTS);
		assertThat(ear.hears(Kind.EVENTS)).isTrue();
		assertThat(ended.hasHeard(Kind.EVENTS)).isFalse();
	}

	@Test
	void endingTwiceDoesNotEndTheHearingOfOthers() {
		Ear ear = new Ear();
		Listening ended = listen("node-2", new Ear());
		listen("node-3", ear);
		ended.close();
		ended.close();
		signal("node-1", Kind.EVENTS);
		assertThat(ear.hears(Kind.EVENTS)).isTrue();
	}

	@Test
	void aNodeCanListenAgain() {
		listen("node-2", new Ear()).close();
		Ear ear = new Ear();
		listen("node-2", ear);
		signal("node-1", Kind.PARTITIONS);
		assertThat(ear.hears(Kind.PARTITIONS)).isTrue();
	}

	@Test
	void aListenerThatFailsHarmsNobody() {
		Ear ear = new Ear();
		this.listenings.add(this.store.wakeups().listen("node-2", (kind) -> {
			throw new IllegalStateException("wanted by the test");
		}));
		listen("node-3", ear);
		for (int i = 0; i < 3; i++) {
			signal("node-1", Kind.EVENTS);
			assertThat(ear.hears(Kind.EVENTS)).isTrue();
		}
	}

	/** However much is put together, the last signal is heard. */
	@Test
	void theLastOfManySignalsIsHeard() throws Exception {
		Ear ear = new Ear();
		listen("node-2", ear);
		for (int round = 0; round < 20; round++) {
			Threads.onEach((thread) -> {
				for (int i = 0; i < 100; i++) {
					signal("node-1", (thread % 2 == 0) ? Kind.EVENTS : Kind.PARTITIONS);
				}
				return thread;
			});
			ear.forget();
			signal("node-1", Kind.DELIVERIES);
			assertThat(ear.hears(Kind.DELIVERIES)).isTrue();
		}
	}

	private void signal(String node, Kind kind) {
		this.store.wakeups().signal(node, kind);
	}

	private Listening listen(String node, Ear ear) {
		Listening listening = this.store.wakeups().listen(node, ear::hear);
		this.listenings.add(listening);
		return listening;
	}

	/**
	 * What a listener was told.
	 */
	private final class Ear {

		private final List<Semaphore> heard = Stream.of(Kind.values()).map((kind) -> new Semaphore(0)).toList();

		void hear(Kind kind) {
			this.heard.get(kind.ordinal()).release();
		}

		void forget() {
			this.heard.forEach(Semaphore::drainPermits);
		}

		boolean hasHeard(Kind kind) {
			return this.heard.get(kind.ordinal()).availablePermits() > 0;
		}

		boolean hears(Kind kind) {
			try {
				return this.heard.get(kind.ordinal()).tryAcquire(patience().toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
