package dev.events.subscriber;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.events.AfterDeadLetter;
import dev.events.Cancellation;
import dev.events.Delivery;
import dev.events.Event;
import dev.events.EventPattern;
import dev.events.EventSubscriber;
import dev.events.EventType;
import dev.events.InvalidSubscriptionException;
import dev.events.StartPosition;
import dev.events.Subscriber;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SubscriberMethodsTests {

	private final Delivery delivery = new TestDelivery();

	@Test
	void takesTheDataObjectAndItsType() {
		Subscriber<?> subscriber = only(new Object() {

			@EventSubscriber
			void on(Created data) {
			}

		});
		assertThat(subscriber.patterns()).containsExactly(EventPattern.of("thing.created"));
		assertThat(subscriber.dataType()).isEqualTo(Created.class);
	}

	@Test
	void takesTypeFromTheArgumentOfTheEvent() {
		Subscriber<?> subscriber = only(new Object() {

			@EventSubscriber
			void on(Event<Created> event) {
			}

		});
		assertThat(subscriber.patterns()).containsExactly(EventPattern.of("thing.created"));
		assertThat(subscriber.dataType()).isEqualTo(Created.class);
	}

	@Test
	void callsWithParametersInAnyOrder() throws Exception {
		class AllParameters {

			private List<Object> arguments = List.of();

			@EventSubscriber(synchronous = true)
			protected String on(Cancellation cancellation, Created data, Delivery delivery, Event<?> event) {
				this.arguments = List.of(cancellation, data, delivery, event);
				return "answer";
			}

		}
		AllParameters bean = new AllParameters();
		Event<Created> event = Event.of(new Created("a"));
		assertThat(call(only(bean), event)).isEqualTo("answer");
		assertThat(bean.arguments).containsExactly(this.delivery.cancellation(), event.data(), this.delivery, event);
	}

	@Test
	void takesNoParametersWhenTheTypeIsGiven() throws Exception {
		Subscriber<?> subscriber = only(new Object() {

			@EventSubscriber("thing.*")
			String on() {
				return "called";
			}

		});
		assertThat(subscriber.dataType()).isEqualTo(Object.class);
		assertThat(call(subscriber, Event.of(new Created("a")))).isEqualTo("called");
	}

	@Test
	void readsDataAsItsGenericType() {
		assertThat(only(new Object() {

			@EventSubscriber("a")
			void on(Map<String, List<Integer>> data) {
			}

		}).dataType().toString()).contains("java.util.Map").contains("java.util.List").contains("java.lang.Integer");
		assertThat(only(new Object() {

			@EventSubscriber("a")
			void on(List<String> data, Event<?> event) {
			}

		}).dataType().toString()).contains("java.util.List").contains("java.lang.String");
		assertThat(only(new Object() {

			@EventSubscriber("a")
			void on(JsonNode data) {
			}

		}).dataType()).isEqualTo(JsonNode.class);
	}

	@Test
	@SuppressWarnings("rawtypes")
	void readsDataAsItComesWhenNoTypeIsGiven() {
		assertThat(only(new Object() {

			@EventSubscriber("a")
			void on(Event<?> event) {
			}

		}).dataType()).isEqualTo(Object.class);
		assertThat(only(new Object() {

			@EventSubscriber("a")
			void on(Event event) {
			}

		}).dataType()).isEqualTo(Object.class);
	}

	@Test
	void resolvesTypeVariablesAgainstTheBean() throws Exception {
		class Generic<T> {

			@EventSubscriber
			Object on(Event<T> event, T data) {
				return data;
			}

		}
		class Concrete extends Generic<Created> {

		}
		Subscriber<?> subscriber = only(new Concrete());
		assertThat(subscriber.dataType()).isEqualTo(Created.class);
		assertThat(subscriber.id()).isEqualTo("Concrete.on");
		assertThat(call(subscriber, Event.of(new Created("a")))).isEqualTo(new Created("a"));
	}

	@Test
	void findsAnOverriddenGenericMethodOnce() throws Exception {
		interface Handler<T> {

			@EventSubscriber
			Object on(T data);

		}
		class Concrete implements Handler<Created> {

			@Override
			public Object on(Created data) {
				return data.name();
			}

		}
		assertThat(call(only(new Concrete()), Event.of(new Created("a")))).isEqualTo("a");
	}

	@Test
	void findsMetaAnnotatedMethods() {
		Subscriber<?> subscriber = only(new Object() {

			@Audit
			void on(Event<?> event) {
			}

		});
		assertThat(subscriber.id()).isEqualTo("audit");
		assertThat(subscriber.patterns()).containsExactly(EventPattern.of("**"));
	}

	@Test
	void takesOverAllOptions() {
		Subscriber<?> subscriber = only(new Object() {

			@EventSubscriber(value = { "a", "b.*" }, id = "x", synchronous = true, priority = 7, maxAttempts = 8,
					partitions = 2, startAt = StartPosition.BEGINNING, afterDeadLetter = AfterDeadLetter.HOLD,
					organization = "acme", ignoreSources = { "me", "you" })
			void on(Event<?> event) {
			}

		});
		assertThat(subscriber.id()).isEqualTo("x");
		assertThat(subscriber.patterns()).containsExactly(EventPattern.of("a"), EventPattern.of("b.*"));
		assertThat(subscriber.synchronous()).isTrue();
		assertThat(subscriber.priority()).isEqualTo(7);
		assertThat(subscriber.maxAttempts()).isEqualTo(8);
		assertThat(subscriber.partitions()).isEqualTo(2);
		assertThat(subscriber.startAt()).isEqualTo(StartPosition.BEGINNING);
		assertThat(subscriber.afterDeadLetter()).isEqualTo(AfterDeadLetter.HOLD);
		assertThat(subscriber.organization()).isEqualTo("acme");
		assertThat(subscriber.ignoreSources()).containsExactlyInAnyOrder("me", "you");
	}

	@Test
	void throwsWhatTheMethodThrows() {
		Subscriber<?> checked = only(new Object() {

			@EventSubscriber("a")
			void on() throws IOException {
				throw new IOException("disk full");
			}

		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(checked, Event.of("a", 1)));
		Subscriber<?> error = only(new Object() {

			@EventSubscriber("a")
			void on() {
				throw new StackOverflowError();
			}

		});
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> call(error, Event.of("a", 1)));
	}

	@Test
	void saysWhatItWasCalledWithWhenTheDataIsOfAnotherClass() {
		Subscriber<?> subscriber = only(new Object() {

			@EventSubscriber
			void on(Created data) {
			}

		});
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> call(subscriber, Event.of("thing.created", "text")))
			.withMessageContaining("#on cannot be called")
			.withMessageContaining("java.lang.String");
	}

	@Test
	void refusesMethodsThatCannotBeSubscribers() {
		assertRefused(new Object() {

			@EventSubscriber("a")
			private void on() {
			}

		}, "is private; leave out \"private\"");
		assertRefused(new StaticMethod(), "is static; leave out \"static\"");
		assertRefused(new Object() {

			@EventSubscriber("a")
			void on(String one, Integer two) {
			}

		}, "two data objects (java.lang.String and java.lang.Integer)");
		assertRefused(new Object() {

			@EventSubscriber("a")
			void on(Event<?> one, Event<?> two) {
			}

		}, "takes two events; take one Event parameter");
		assertRefused(new Object() {

			@EventSubscriber("a")
			void on(Event<Integer> event, String data) {
			}

		}, "data of two types: java.lang.String and Event<java.lang.Integer>; write the same type for both");
		assertRefused(new Object() {

			@EventSubscriber
			void on(Event<?> event) {
			}

		}, "does not say which events it is for; write @EventSubscriber(\"some.type\")");
		assertRefused(new Object() {

			@EventSubscriber("a")
			void on(List<Event<String>> events, String other) {
			}

		}, "takes several events at a time, and something else; take the list alone");
		assertRefused(new Object() {

			@EventSubscriber("a")
			String on(List<Event<String>> events) {
				return "";
			}

		}, "let it return void");
		assertRefused(new Object() {

			@EventSubscriber(value = "a", batchSize = 5)
			void on(Event<String> event) {
			}

		}, "takes one event at a time; take a List");
		assertRefused(new Object() {

			@EventSubscriber(value = "a", timeout = "soon")
			void on(Event<String> event) {
			}

		}, "timeout is 'soon'; write a duration such as 500ms");
		assertRefused(new Object() {

			@EventSubscriber(value = "a", transactional = true)
			CompletableFuture<String> on(Event<String> event) {
				return new CompletableFuture<>();
			}

		}, "let it not return a CompletableFuture");
		assertRefused(new Object() {

			@EventSubscriber("a")
			void on(Created[] events) {
			}

		}, "takes several events at a time");
		assertRefused(new Object() {

			@EventSubscriber("a..b")
			void on(Event<?> event) {
			}

		}, "a..b");
		assertRefused(new Object() {

			@EventSubscriber("a")
			void on(Cancellation cancellation) {
			}

		}, "write @EventSubscriber(synchronous = true) or leave out the parameter");
		assertRefused(new Object() {

			@EventSubscriber(value = "a", id = "not an id")
			void on() {
			}

		}, "'not an id' is not a valid subscription id");
		assertRefused(new Object() {

			@EventSubscriber(value = "a", filter = "data.x > 1")
			void on() {
			}

		}, "comes with events-spring-boot-starter");
		assertRefused(new Object() {

			@EventSubscriber(value = "a", partitions = -1)
			void on() {
			}

		}, "partitions is -1; it must be from 1 to 1024");
	}

	@Test
	void readsTheOptionsOfDelivery() {
		Subscriber<?> subscriber = AnnotatedSubscribers.of(new Object() {

			@EventSubscriber(value = "a", id = "x", transactional = true, concurrency = 3, timeout = "1500ms",
					batchSize = 7, batchWait = "PT2S")
			void on(List<Event<String>> events) {
			}

		}).get(0);
		assertThat(subscriber.transactional()).isTrue();
		assertThat(subscriber.broadcast()).isFalse();
		assertThat(subscriber.concurrency()).isEqualTo(3);
		assertThat(subscriber.timeout()).isEqualTo(Duration.ofMillis(1500));
		assertThat(subscriber.batchSize()).isEqualTo(7);
		assertThat(subscriber.batchWait()).isEqualTo(Duration.ofSeconds(2));
		assertThat(subscriber.dataType()).isEqualTo(String.class);
	}

	@Test
	void listsOfDataAreBatchesOfAnEventType() {
		List<List<Created>> batches = new ArrayList<>();
		Subscriber<?> subscriber = AnnotatedSubscribers.of(new Object() {

			@EventSubscriber(id = "x", broadcast = true)
			void on(List<Created> created) {
				batches.add(created);
			}

		}).get(0);
		assertThat(subscriber.broadcast()).isTrue();
		assertThat(subscriber.batchHandler()).isNotNull();
		assertThat(subscriber.patterns()).extracting(Object::toString).containsExactly("thing.created");
	}

	@Test
	void aListOfSomethingElseIsData() {
		Subscriber<?> subscriber = AnnotatedSubscribers.of(new Object() {

			@EventSubscriber(value = "a", id = "x")
			void on(List<String> names) {
			}

		}).get(0);
		assertThat(subscriber.batchHandler()).isNull();
	}

	@Test
	void asksForAnIdWhenTheDefaultIsNotValid() throws Exception {
		Object bean = new Object() {

			@EventSubscriber("a")
			void on() {
			}

		};
		var method = bean.getClass().getDeclaredMethod("on");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> new SubscriberMethods(FilterCompiler.NONE, AnswerAdapter.NONE).subscriber(method,
					bean.getClass(), method.getAnnotation(EventSubscriber.class), "no good/on",
					MethodTarget.of(method, () -> bean)))
			.withMessageContaining("give one: @EventSubscriber(id = \"some-id\"");
	}

	private void assertRefused(Object bean, String message) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> AnnotatedSubscribers.of(bean))
			.withMessageStartingWith("@EventSubscriber method " + bean.getClass().getName() + "#on: ")
			.withMessageContaining(message);
	}

	private static Subscriber<?> only(Object bean) {
		List<Subscriber<?>> subscribers = AnnotatedSubscribers.of(bean);
		assertThat(subscribers).hasSize(1);
		return subscribers.get(0);
	}

	@SuppressWarnings("unchecked")
	private @Nullable Object call(Subscriber<?> subscriber, Event<?> event) throws Exception {
		return ((Subscriber<Object>) subscriber).function().handle((Event<Object>) event, this.delivery);
	}

	@EventType("thing.created")
	record Created(String name) {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@EventSubscriber(id = "audit", value = "**")
	@interface Audit {

	}

	static class StaticMethod {

		@EventSubscriber("a")
		static void on() {
		}

	}

	private static final class TestDelivery implements Delivery {

		private final Cancellation cancellation = new Cancellation() {

			@Override
			public void cancel(String reason) {
			}

			@Override
			public boolean isCancelled() {
				return false;
			}

		};

		@Override
		public String subscription() {
			return "test";
		}

		@Override
		public int attempt() {
			return 1;
		}

		@Override
		public Cancellation cancellation() {
			return this.cancellation;
		}

	}

}
