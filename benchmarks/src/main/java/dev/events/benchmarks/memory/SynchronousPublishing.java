package dev.events.benchmarks.memory;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.google.common.eventbus.Subscribe;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventSubscriber;
import dev.events.Subscriber;
import dev.events.benchmarks.contender.Order;
import dev.events.bus.DurableEventBus;
import dev.events.store.EventStore;
import dev.events.subscriber.AnswerAdapter;
import dev.events.subscriber.FilterCompiler;
import dev.events.subscriber.MethodTarget;
import dev.events.subscriber.SubscriberMethods;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Publishing something that is ready to annotated subscribers in the publisher's thread.
 * Ours is checked, written as JSON and appended to a log in memory; the others hand over
 * a reference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SynchronousPublishing {

	/** How many subscribers there are. */
	@Param({ "1", "10" })
	public int subscribers;

	private final Order order = Order.next();

	private final Event<Order> event = Event.of(this.order);

	private final List<Consumer<Order>> loop = new ArrayList<>();

	private final com.google.common.eventbus.EventBus guava = new com.google.common.eventbus.EventBus();

	private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();

	private final DurableEventBus core = DurableEventBus.builder(new RingStore()).build();

	private EventBus starter = this.core;

	private ConfigurableApplicationContext application = this.spring;

	/** Registers the subscribers with everybody. */
	@Setup
	public void register() {
		for (int i = 0; i < this.subscribers; i++) {
			Listener listener = new Listener();
			String id = "listener" + i;
			this.loop.add(listener::plain);
			this.guava.register(listener);
			this.spring.registerBean(id, Listener.class, () -> listener);
			this.core.subscribe(subscriber(new Handler(), id));
		}
		this.spring.refresh();
		ApplicationContextInitializer<GenericApplicationContext> beans = (context) -> {
			context.registerBean(EventStore.class, RingStore::new);
			for (int i = 0; i < this.subscribers; i++) {
				context.registerBean("handler" + i, Handler.class, Handler::new);
			}
		};
		this.application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(Map.of("benchmark.contender", "dev.events.", "spring.main.banner-mode", "off",
					"logging.level.root", "warn"))
			.initializers(beans)
			.run();
		this.starter = this.application.getBean(EventBus.class);
	}

	private static Subscriber<?> subscriber(Handler listener, String id) {
		try {
			Method method = Handler.class.getMethod("events", Order.class);
			return new SubscriberMethods(FilterCompiler.NONE, AnswerAdapter.NONE).subscriber(method, Handler.class,
					method.getAnnotation(EventSubscriber.class), id, MethodTarget.of(method, () -> listener));
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Ends what runs. */
	@TearDown
	public void close() {
		this.spring.close();
		this.application.close();
	}

	@Benchmark
	public void plainLoop() {
		for (Consumer<Order> consumer : this.loop) {
			consumer.accept(this.order);
		}
	}

	@Benchmark
	public void guava() {
		this.guava.post(this.order);
	}

	@Benchmark
	public void springEventListener() {
		this.spring.publishEvent(this.order);
	}

	@Benchmark
	public Object eventsCore() {
		return this.core.publish(this.event);
	}

	@Benchmark
	public Object eventsStarter() {
		return this.starter.publish(this.event);
	}

	/**
	 * What the others call.
	 */
	public static class Listener {

		private long called;

		void plain(Order order) {
			this.called += order.sentAt();
		}

		@Subscribe
		public void guava(Order order) {
			this.called += order.sentAt();
		}

		@EventListener
		public void spring(Order order) {
			this.called += order.sentAt();
		}

	}

	/**
	 * What we call. Not an event listener, too: we hand events on to those.
	 */
	public static class Handler {

		private long called;

		@EventSubscriber(synchronous = true)
		public void events(Order order) {
			this.called += order.sentAt();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
	static class Application {

	}

}
