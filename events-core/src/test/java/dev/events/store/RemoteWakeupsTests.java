package dev.events.store;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.events.store.Wakeups.Kind;
import dev.events.store.Wakeups.Listening;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class RemoteWakeupsTests {

	private final Loudspeaker channel = new Loudspeaker();

	private final RemoteWakeups here = new RemoteWakeups(this.channel, Duration.ofMillis(1));

	private final RemoteWakeups elsewhere = new RemoteWakeups(this.channel, Duration.ofMillis(1));

	private final List<Kind> heard = new CopyOnWriteArrayList<>();

	@Test
	void wakesOthersAndNotItself() {
		List<Kind> own = new CopyOnWriteArrayList<>();
		this.here.listen("n1", own::add);
		this.elsewhere.listen("n2", this.heard::add);
		this.here.signal("n1", Kind.DELIVERIES);
		await().untilAsserted(() -> assertThat(this.heard).containsExactly(Kind.DELIVERIES));
		assertThat(own).isEmpty();
	}

	@Test
	void nodesOfOneStoreObjectHearEachOtherOnce() {
		this.here.listen("n1", this.heard::add);
		this.here.signal("n2", Kind.EVENTS);
		await().until(() -> this.channel.messages.size() == 1);
		assertThat(this.heard).containsExactly(Kind.EVENTS);
	}

	@Test
	void whatComesWhileAMessageIsUnderWayGoesTogetherInTheNext() {
		this.channel.slow = new CountDownLatch(1);
		this.here.signal("n1", Kind.PARTITIONS);
		await().until(() -> this.channel.messages.size() == 1);
		for (int i = 0; i < 100; i++) {
			this.here.signal("n1", Kind.EVENTS);
			this.here.signal("n1", Kind.DELIVERIES);
		}
		this.channel.slow.countDown();
		await().until(() -> this.channel.messages.size() == 2);
		assertThat(this.channel.messages).extracting((message) -> message.substring(message.indexOf(' ')))
			.containsExactly(" P", " ED");
	}

	@Test
	void somebodyWhoKeepsTheCommonThreadsBusyDelaysNoSignal() {
		int threads = ForkJoinPool.commonPool().getParallelism();
		CountDownLatch done = new CountDownLatch(1);
		try {
			for (int i = 0; i < threads; i++) {
				ForkJoinPool.commonPool().execute(() -> awaitUnmanaged(done));
			}
			this.elsewhere.listen("n2", this.heard::add);
			this.here.signal("n1", Kind.EVENTS);
			await().untilAsserted(() -> assertThat(this.heard).containsExactly(Kind.EVENTS));
			this.here.signal("n1", Kind.DELIVERIES);
			await().untilAsserted(() -> assertThat(this.heard).containsExactly(Kind.EVENTS, Kind.DELIVERIES));
		}
		finally {
			done.countDown();
		}
	}

	/** As somebody does who waits for a socket: the pool does not know of it. */
	private static void awaitUnmanaged(CountDownLatch done) {
		while (done.getCount() > 0) {
			LockSupport.parkNanos(1_000_000);
		}
	}

	@Test
	void aMessageThatCouldNotBeSentStopsNothing() {
		this.elsewhere.listen("n2", this.heard::add);
		this.channel.broken = true;
		this.here.signal("n1", Kind.EVENTS);
		await().until(() -> this.channel.failures.get() == 1);
		this.channel.broken = false;
		this.here.signal("n1", Kind.DELIVERIES);
		await().untilAsserted(() -> assertThat(this.heard).containsExactly(Kind.DELIVERIES));
	}

	@Test
	void whenSomeMayHaveBeenMissedEverythingMayHaveChanged() {
		this.here.listen("n1", this.heard::add);
		this.channel.listeners.get(0).onMissed().run();
		assertThat(this.heard).containsExactly(Kind.values());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "origin ", "origin z" })
	void whatIsNotUnderstoodMeansEverything(String message) {
		this.here.listen("n1", this.heard::add);
		this.channel.listeners.get(0).onMessage().accept(message);
		assertThat(this.heard).hasSameElementsAs(EnumSet.allOf(Kind.class));
	}

	@Test
	void listensOnceAndOnlyWhileSomebodyDoes() {
		Listening first = this.here.listen("n1", this.heard::add);
		Listening second = this.here.listen("n2", this.heard::add);
		assertThat(this.channel.listeners).hasSize(1);
		first.close();
		first.close();
		assertThat(this.channel.listeners).hasSize(1);
		second.close();
		assertThat(this.channel.listeners).isEmpty();
	}

	/**
	 * Everybody hears all, the speaker too.
	 */
	private static final class Loudspeaker implements SignalChannel {

		private final List<Listener> listeners = new CopyOnWriteArrayList<>();

		private final List<String> messages = new CopyOnWriteArrayList<>();

		private volatile CountDownLatch slow = new CountDownLatch(0);

		private final AtomicInteger failures = new AtomicInteger();

		private volatile boolean broken;

		@Override
		public void send(String message) {
			if (this.broken) {
				this.failures.incrementAndGet();
				throw new IllegalStateException("no connection");
			}
			this.messages.add(message);
			this.listeners.forEach((listener) -> listener.onMessage().accept(message));
			try {
				this.slow.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public Runnable listen(Consumer<String> onMessage, Runnable onMissed) {
			Listener listener = new Listener(onMessage, onMissed);
			this.listeners.add(listener);
			return () -> this.listeners.remove(listener);
		}

		private record Listener(Consumer<String> onMessage, Runnable onMissed) {

		}

	}

}
