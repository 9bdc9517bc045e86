package dev.events.delivery;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.events.Event;
import dev.events.EventStoreException;
import dev.events.Subscriber;
import dev.events.bus.DurableEventBus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What operators read about a store that fails.
 */
@Isolated("reads the log of all engines")
class OutageLogTests extends EngineTest {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.events.delivery");

	private final Queue<String> lines = new ConcurrentLinkedQueue<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			OutageLogTests.this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
		}

	};

	private Level level;

	@BeforeEach
	void watch() {
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.INFO);
		this.logger.setAdditive(false);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void unwatch() {
		this.logger.detachAppender(this.appender);
		this.logger.setAdditive(true);
		this.logger.setLevel(this.level);
	}

	@Test
	void anOutageIsToldOnceByEachPartAndItsEndToo() {
		AtomicInteger failed = new AtomicInteger();
		DurableEventBus bus = started();
		this.store.hook = (method, args, call) -> {
			failed.incrementAndGet();
			throw new EventStoreException("cut off", null);
		};
		await().atMost(Duration.ofSeconds(20))
			.until(() -> failed.get() > 20 && told("events-tail failed") == 1 && told("events-leases failed") == 1
					&& told("Due deliveries could not be read") == 1);
		this.store.hook = (method, args, call) -> call.call();
		await().atMost(Duration.ofSeconds(20))
			.until(() -> told("events-tail works again") == 1 && told("events-leases works again") == 1
					&& told("Due deliveries are read again") == 1);
		bus.publish(Event.of("a", "x").withKey("x"));
		awaitReceived("x");
		assertThat(this.lines).doesNotHaveDuplicates();
		assertThat(this.lines.stream().filter((line) -> line.startsWith("WARN"))).hasSizeBetween(3, 6);
	}

	@Test
	void aStoreThatFailsAgainAndAgainDoesNotFillTheLog() {
		AtomicInteger reads = new AtomicInteger();
		DurableEventBus bus = started();
		this.store.hook = (method, args, call) -> {
			if (method.equals("EventLog.follow") && reads.incrementAndGet() % 2 == 0) {
				throw new EventStoreException("cut off", null);
			}
			return call.call();
		};
		for (int i = 0; reads.get() < 20; i++) {
			bus.publish(Event.of("a", "" + i).withKey("k"));
			awaitReceived("" + i);
		}
		assertThat(told("events-tail failed")).isEqualTo(1);
		assertThat(told("events-tail works again")).isEqualTo(1);
	}

	@Test
	void theEndOfAnOutageIsNotTakenForARefusal() {
		DurableEventBus bus = started();
		AtomicInteger failing = new AtomicInteger(Integer.MAX_VALUE);
		this.store.hook = (method, args, call) -> {
			if (method.equals("Cursors.checkpoint") && failing.getAndDecrement() > 0) {
				throw new EventStoreException("cut off", null);
			}
			return call.call();
		};
		for (int i = 0; i < 40; i++) {
			bus.publish(Event.of("a", "" + i).withKey("key-" + i));
		}
		awaitReceived("0", "39");
		await().until(() -> told("events-checkpoint failed") == 1);
		failing.set(2);
		await().atMost(Duration.ofSeconds(20))
			.until(() -> cursors("s").stream().allMatch((cursor) -> cursor.position() > 0));
		assertThat(told("refuses")).isZero();
	}

	private long told(String text) {
		return this.lines.stream().filter((line) -> line.contains(text)).count();
	}

	private DurableEventBus started() {
		DurableEventBus bus = bus();
		bus.subscribe(Subscriber.to("a").id("s").handler((event) -> this.received.add("" + event.data())));
		bus.start();
		awaitOwned("s");
		return bus;
	}

}
