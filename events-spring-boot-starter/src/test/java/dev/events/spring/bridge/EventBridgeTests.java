package dev.events.spring.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventInterceptor;
import dev.events.EventSubscriber;
import dev.events.EventType;
import dev.events.Publication;
import dev.events.spring.EventsContext;
import org.junit.jupiter.api.Test;

import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class EventBridgeTests {

	private final ApplicationContextRunner runner = EventsContext.inMemory()
		.withUserConfiguration(ListenerConfiguration.class);

	@Test
	void applicationEventsComeToTheBusOnce() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			context.publishEvent(new Created("a"));
			context.publishEvent(Event.of("plain", 1).withKey("k"));
			context.publishEvent("text");
			context.publishEvent(Map.of());
			assertThat(types(bus)).containsExactly("thing.created", "plain");
			Listener listener = context.getBean(Listener.class);
			assertThat(listener.created).containsExactly(new Created("a"));
			assertThat(listener.envelopes).containsExactly("plain");
			assertThat(bus.query().type("plain").list(1).get(0).key()).isEqualTo("k");
		});
	}

	@Test
	void eventsOfTheBusComeToListenersOnce() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(new Created("a"));
			bus.publish(Event.of("plain", 1));
			bus.publish(Event.of("other.name", new Created("b")));
			Listener listener = context.getBean(Listener.class);
			assertThat(listener.created).containsExactly(new Created("a"));
			assertThat(listener.envelopes).containsExactly("plain", "other.name");
			assertThat(types(bus)).containsExactly("thing.created", "plain", "other.name");
			assertThat(listener.threads).containsOnly(Thread.currentThread());
		});
	}

	@Test
	void listenersCanAskForTheTypeOfTheData() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(Event.of("a", Map.of("x", 1)));
			bus.publish(Event.of("b", List.of(1)));
			bus.publish(Event.of("c", 3));
			bus.publish(Event.of("d", new Created("d")));
			assertThat(context.getBean(Listener.class).typed).containsExactly("map", "list", "integer", "created");
		});
	}

	@Test
	void otherEventsPublishedMeanwhileCrossToo() {
		this.runner.withBean("follower", Follower.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(new Created("a"));
			assertThat(types(bus)).containsExactlyInAnyOrder("thing.created", "thing.followed");
			context.publishEvent(new Created("b"));
			assertThat(types(bus)).containsExactlyInAnyOrder("thing.created", "thing.followed", "thing.created",
					"thing.followed");
			assertThat(context.getBean(Follower.class).followed).containsExactly(new Followed("a"), new Followed("b"));
		});
	}

	@Test
	void equalButDifferentEventsCross() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			List<Created> again = new ArrayList<>(List.of(new Created("a")));
			context.getBean(Listener.class).onCreated = (created) -> {
				if (!again.isEmpty()) {
					context.publishEvent(again.remove(0));
				}
			};
			bus.publish(new Created("a"));
			assertThat(types(bus)).containsExactly("thing.created", "thing.created");
		});
	}

	@Test
	void interceptorsDoNotConfuseIt() {
		this.runner
			.withBean("change", EventInterceptor.class,
					() -> (event) -> event.withData(new Created("changed")).withMetadata("x", "y"))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				context.publishEvent(new Created("a"));
				assertThat(types(bus)).containsExactly("thing.created");
				assertThat(context.getBean(Listener.class).created).containsExactly(new Created("a"));
				bus.publish(new Created("b"));
				assertThat(context.getBean(Listener.class).created).containsExactly(new Created("a"),
						new Created("changed"));
			});
	}

	@Test
	void aFailingListenerRefusesThePublication() {
		this.runner.run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			context.getBean(Listener.class).onCreated = (created) -> {
				throw new IllegalStateException("no");
			};
			assertThatIllegalStateException().isThrownBy(() -> bus.publish(new Created("a"))).withMessage("no");
			assertThatIllegalStateException().isThrownBy(() -> context.publishEvent(new Created("a")));
			assertThat(types(bus)).isEmpty();
			context.getBean(Listener.class).onCreated = (created) -> {
			};
			assertThat(bus.publish(new Created("a")).outcome()).isEqualTo(Publication.Outcome.STORED);
		});
	}

	@Test
	void bothDirectionsCanBeSwitchedOff() {
		this.runner.withPropertyValues("events.bridge.inbound=false").run((context) -> {
			context.publishEvent(new Created("a"));
			assertThat(types(context.getBean(EventBus.class))).isEmpty();
			context.getBean(EventBus.class).publish(new Created("b"));
			assertThat(context.getBean(Listener.class).created).containsExactly(new Created("a"), new Created("b"));
		});
		this.runner.withPropertyValues("events.bridge.outbound=false").run((context) -> {
			context.publishEvent(new Created("a"));
			assertThat(types(context.getBean(EventBus.class))).containsExactly("thing.created");
			context.getBean(EventBus.class).publish(new Created("b"));
			assertThat(context.getBean(Listener.class).created).containsExactly(new Created("a"));
		});
	}

	@Test
	void leavesTheApplicationsMulticasterAlone() {
		this.runner.withUserConfiguration(AsyncMulticasterConfiguration.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThat(context.getBean(ApplicationEventMulticaster.class))
				.isSameAs(context.getBean(AsyncMulticasterConfiguration.class).multicaster);
			Listener listener = context.getBean(Listener.class);
			context.publishEvent(new Created("a"));
			// taken in by the publisher's thread, although listeners run in others
			assertThat(types(bus)).containsExactly("thing.created");
			bus.publish(new Created("b"));
			await().until(() -> listener.created.size() == 2);
			assertThat(listener.threads).doesNotContain(Thread.currentThread());
			assertThat(types(bus)).containsExactly("thing.created", "thing.created");
		});
	}

	@Test
	void lambdaAndGenericListenersStillWork() {
		List<Object> seen = new CopyOnWriteArrayList<>();
		this.runner
			.withInitializer((context) -> context.addApplicationListener(
					ApplicationListener.<Object>forPayload((payload) -> seen.add("lambda " + payload))))
			.withBean("boxes", BoxListener.class)
			.run((context) -> {
				seen.clear();
				context.publishEvent("text");
				context.publishEvent(new Box<>("boxed"));
				context.publishEvent(new Box<>(1));
				context.getBean(EventBus.class).publish(new Created("a"));
				assertThat(seen).containsExactly("lambda text", "lambda Box[content=boxed]", "lambda Box[content=1]",
						"lambda Created[name=a]");
				assertThat(context.getBean(BoxListener.class).strings).containsExactly("boxed");
			});
	}

	@Test
	void transactionalListenersFollowTheTransaction() {
		this.runner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withBean("afterCommit", AfterCommit.class)
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				AfterCommit listener = context.getBean(AfterCommit.class);
				TransactionTemplate transaction = new TransactionTemplate(
						context.getBean(PlatformTransactionManager.class));
				transaction.executeWithoutResult((status) -> {
					bus.publish(new Created("a"));
					context.publishEvent(new Created("b"));
					assertThat(listener.created).isEmpty();
				});
				assertThat(listener.created).containsExactly(new Created("a"), new Created("b"));
				assertThat(types(bus)).containsExactly("thing.created", "thing.created");
				transaction.executeWithoutResult((status) -> {
					bus.publish(new Created("c"));
					context.publishEvent(new Created("d"));
					status.setRollbackOnly();
				});
				assertThat(listener.created).hasSize(2);
				assertThat(types(bus)).hasSize(2);
			});
	}

	@Test
	void eventsOfChildContextsAreTakenInOnce() {
		this.runner.run((parent) -> {
			try (GenericApplicationContext child = new GenericApplicationContext(parent)) {
				child.refresh();
				child.publishEvent(new Created("a"));
				assertThat(types(parent.getBean(EventBus.class))).containsExactly("thing.created");
			}
		});
	}

	@Test
	void subscribersReceiveWhatTheApplicationPublishes() {
		this.runner.withBean("subscriber", CreatedSubscriber.class).run((context) -> {
			context.publishEvent(new Created("a"));
			await().until(() -> context.getBean(CreatedSubscriber.class).seen.equals(List.of(new Created("a"))));
		});
	}

	private static List<String> types(EventBus bus) {
		return bus.query().list(100).stream().map(Event::type).toList();
	}

	@EventType("thing.created")
	record Created(String name) {

	}

	@EventType("thing.followed")
	record Followed(String name) {

	}

	record Box<T>(T content) implements ResolvableTypeProvider {

		@Override
		public ResolvableType getResolvableType() {
			return ResolvableType.forClassWithGenerics(Box.class, this.content.getClass());
		}

	}

	static class BoxListener {

		final List<String> strings = new CopyOnWriteArrayList<>();

		@EventListener
		void on(Box<String> box) {
			this.strings.add(box.content());
		}

	}

	static class Listener {

		final List<Created> created = new CopyOnWriteArrayList<>();

		final List<String> envelopes = new CopyOnWriteArrayList<>();

		final List<String> typed = new CopyOnWriteArrayList<>();

		final List<Thread> threads = new CopyOnWriteArrayList<>();

		private Consumer<Created> onCreated = (created) -> {
		};

		@EventListener
		void on(Created created) {
			this.created.add(created);
			this.threads.add(Thread.currentThread());
			this.onCreated.accept(created);
		}

		@EventListener
		void on(Event<?> event) {
			this.envelopes.add(event.type());
		}

		@EventListener
		void onMap(Event<Map<String, Object>> event) {
			this.typed.add("map");
		}

		@EventListener
		void onList(Event<List<Object>> event) {
			this.typed.add("list");
		}

		@EventListener
		void onInteger(Event<Integer> event) {
			this.typed.add("integer");
		}

		@EventListener
		void onCreated(Event<Created> event) {
			this.typed.add("created");
		}

	}

	static class Follower {

		private final ApplicationEventPublisher publisher;

		final List<Followed> followed = new CopyOnWriteArrayList<>();

		Follower(ApplicationEventPublisher publisher) {
			this.publisher = publisher;
		}

		@EventListener
		void on(Created created) {
			this.publisher.publishEvent(new Followed(created.name()));
		}

		@EventListener
		void on(Followed followed) {
			this.followed.add(followed);
		}

	}

	static class AfterCommit {

		final List<Created> created = new CopyOnWriteArrayList<>();

		@TransactionalEventListener
		void on(Created created) {
			this.created.add(created);
		}

	}

	static class CreatedSubscriber {

		final List<Created> seen = new CopyOnWriteArrayList<>();

		@EventSubscriber
		void on(Created created) {
			this.seen.add(created);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerConfiguration {

		@Bean
		Listener listener() {
			return new Listener();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AsyncMulticasterConfiguration {

		private final SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();

		@Bean
		ApplicationEventMulticaster applicationEventMulticaster() {
			this.multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor("listeners-"));
			return this.multicaster;
		}

	}

}
