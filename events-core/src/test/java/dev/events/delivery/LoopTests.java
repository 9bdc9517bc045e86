package dev.events.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class LoopTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicLong said = new AtomicLong();

	private final AtomicLong heard = new AtomicLong();

	private Loop loop(Duration gathering) {
		return loop(gathering, gathering);
	}

	private Loop loop(Duration thickness, Duration gathering) {
		Loop loop = new Loop("test", () -> {
			this.runs.incrementAndGet();
			this.heard.set(this.said.get());
			return LONG;
		}, thickness, gathering);
		loop.start();
		await().until(() -> this.runs.get() == 1);
		return loop;
	}

	private void say(Loop loop) {
		this.said.incrementAndGet();
		loop.signal();
	}

	private void sayFor(Loop loop, Duration time) {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() - end < 0) {
			say(loop);
			Thread.onSpinWait();
		}
	}

	@Test
	void signalsThatComeThickAreGatheredAndNoneIsMissed() {
		Loop loop = loop(Duration.ofMillis(40));
		sayFor(loop, Duration.ofMillis(400));
		assertThat(this.runs).hasValueLessThan(60);
		await().until(() -> this.heard.get() == this.said.get());
		loop.stop(Duration.ofSeconds(5));
	}

	@Test
	void withoutGatheringEverySignalBeginsARun() {
		Loop loop = loop(Duration.ZERO);
		for (int i = 2; i < 50; i++) {
			int expected = i;
			say(loop);
			await().pollInterval(Duration.ofMillis(1)).until(() -> this.runs.get() == expected);
		}
		loop.stop(Duration.ofSeconds(5));
	}

	@Test
	void aSignalNowAndThenIsAnsweredAtOnce() {
		Loop loop = loop(LONG);
		say(loop);
		await().until(() -> this.heard.get() == 1);
		loop.stop(Duration.ofSeconds(5));
	}

	@Test
	void signalsThatAreNotThickAreNotGathered() {
		Loop loop = loop(Duration.ofNanos(1), LONG);
		for (int i = 1; i < 10; i++) {
			long expected = i;
			say(loop);
			await().until(() -> this.heard.get() == expected);
		}
		loop.stop(Duration.ofSeconds(5));
	}

	@Test
	void whatComesAfterABusyRunIsNotGathered() {
		Loop[] self = new Loop[1];
		self[0] = new Loop("test", () -> {
			self[0].busy(true);
			this.heard.set(this.said.get());
			return LONG;
		}, LONG, LONG);
		self[0].start();
		for (int i = 1; i < 10; i++) {
			long expected = i;
			say(self[0]);
			await().until(() -> this.heard.get() == expected);
		}
		self[0].stop(Duration.ofSeconds(5));
	}

	@Test
	void stopsWhileItGathers() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		Loop[] self = new Loop[1];
		self[0] = new Loop("test", () -> {
			thread.set(Thread.currentThread());
			this.runs.incrementAndGet();
			self[0].signal();
			return LONG;
		}, LONG, LONG);
		self[0].start();
		// after the third run in a hurry it gathers
		await().until(() -> this.runs.get() == 3 && thread.get().getState() == Thread.State.TIMED_WAITING);
		long begin = System.nanoTime();
		self[0].stop(Duration.ofSeconds(50));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
		assertThat(this.runs).hasValue(3);
	}

	@Test
	void failuresDoNotLetItBeHurried() {
		AtomicInteger failures = new AtomicInteger();
		Loop loop = new Loop("test", () -> {
			failures.incrementAndGet();
			throw new IllegalStateException("expected");
		}, Duration.ofMillis(1), Duration.ofMillis(1));
		long begin = System.nanoTime();
		loop.start();
		sayFor(loop, Duration.ofMillis(300));
		// in the end one a second at most, if the machine stood still
		int seconds = (int) Duration.ofNanos(System.nanoTime() - begin).toSeconds();
		assertThat(failures).hasValueLessThanOrEqualTo(8 + seconds);
		loop.stop(Duration.ofSeconds(5));
	}

}
