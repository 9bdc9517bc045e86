package dev.events.spring.autoconfigure;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.Subscriber;
import dev.events.spring.EventsContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where Java has virtual threads, handlers run in such when the application says so;
 * where it has none, as ever.
 */
@Timeout(60)
class VirtualThreadsTests {

	private static final boolean AVAILABLE = Runtime.version().feature() >= 21;

	private static boolean isVirtual(Thread thread) {
		try {
			return AVAILABLE && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertVirtual(ApplicationContextRunner runner, boolean virtual) {
		runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
			BlockingQueue<String> logged = new LinkedBlockingQueue<>();
			bus.subscribe(Subscriber.to("order.*").id("s").partitions(1).function((event, delivery) -> {
				logged.add(MDC.get("eventId") + "/" + delivery.attempt());
				if (delivery.attempt() == 1) {
					throw new IllegalStateException("once more");
				}
				threads.add(Thread.currentThread());
				return null;
			}));
			String id = bus.publish(Event.of("order.placed", 1)).event().id().toString();
			Thread thread = threads.poll(20, TimeUnit.SECONDS);
			assertThat(thread).isNotNull();
			assertThat(isVirtual(thread)).isEqualTo(virtual);
			assertThat(thread.getName()).startsWith("events-worker-");
			assertThat(logged).containsExactly(id + "/1", id + "/2");
		});
	}

	@Test
	void handlersRunInVirtualThreadsWhenTheApplicationSaysSo() {
		assertVirtual(EventsContext.inMemory().withPropertyValues("spring.threads.virtual.enabled=true"), AVAILABLE);
	}

	@Test
	void handlersRunInThreadsOfOurOwnElse() {
		assertVirtual(EventsContext.inMemory(), false);
	}

}
