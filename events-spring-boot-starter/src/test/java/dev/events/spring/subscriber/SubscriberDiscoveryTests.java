package dev.events.spring.subscriber;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.events.DeadLetters;
import dev.events.Event;
import dev.events.EventBus;
import dev.events.EventKey;
import dev.events.EventSubscriber;
import dev.events.EventType;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import dev.events.Subscription;
import dev.events.SubscriptionInfo;
import dev.events.spring.EventsContext;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.CustomScopeConfigurer;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.AliasFor;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class SubscriberDiscoveryTests {

	private final ApplicationContextRunner runner = EventsContext.inMemory();

	@Test
	void registersBeforeTheBusStarts() {
		this.runner.withBean("mails", Mails.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(new Registered("1", "a@b.c"));
			await().until(() -> context.getBean(Mails.class).seen.size() == 1);
			assertThat(ids(bus)).containsExactly("mails.send");
		});
	}

	@Test
	void callsThroughClassProxies() {
		this.runner.withUserConfiguration(ProxyConfiguration.class)
			.withBean("mails", Mails.class)
			.withBean("creator", DefaultAdvisorAutoProxyCreator.class, () -> proxyCreator(true))
			.run((context) -> {
				context.getBean(EventBus.class).publish(new Registered("1", "a@b.c"));
				await().until(() -> context.getBean(Mails.class).seen().size() == 1);
				assertThat(context.getBean(ProxyConfiguration.class).calls).hasPositiveValue();
			});
	}

	@Test
	void callsThroughInterfaceProxies() {
		this.runner.withUserConfiguration(ProxyConfiguration.class)
			.withBean("audit", Audit.class)
			.withBean("creator", DefaultAdvisorAutoProxyCreator.class, () -> proxyCreator(false))
			.run((context) -> {
				context.getBean(EventBus.class).publish(new Registered("1", "a@b.c"));
				await().until(() -> context.getBean(Auditing.class).seen().size() == 1);
				assertThat(context.getBean(ProxyConfiguration.class).calls).hasPositiveValue();
			});
	}

	@Test
	void saysWhatToDoWhenAProxyHidesTheMethod() {
		this.runner.withUserConfiguration(ProxyConfiguration.class)
			.withBean("hidden", HiddenByProxy.class)
			.withBean("creator", DefaultAdvisorAutoProxyCreator.class, () -> proxyCreator(false))
			.run((context) -> assertFails(context, HiddenByProxy.class.getName() + "#on of bean 'hidden'",
					"declare it in an interface of the bean"));
	}

	@Test
	void callsScopedAndPrototypeBeans() {
		this.runner.withUserConfiguration(ScopedConfiguration.class).run((context) -> {
			ScopedConfiguration.instances.set(0);
			EventBus bus = context.getBean(EventBus.class);
			assertThat(ids(bus)).containsExactlyInAnyOrder("scoped.on", "prototype.on");
			bus.publish(Event.of("a", 1));
			await().until(() -> context.getBean(Record.class).seen.size() == 2);
			bus.publish(Event.of("a", 1));
			await().until(() -> context.getBean(Record.class).seen.size() == 4);
			assertThat(ScopedConfiguration.instances.get()).isGreaterThanOrEqualTo(3);
		});
	}

	@Test
	void doesNotCreateLazyBeans() {
		this.runner.withUserConfiguration(LazyConfiguration.class).run((context) -> {
			Record created = context.getBean(Record.class);
			assertThat(created.seen).isEmpty();
			EventBus bus = context.getBean(EventBus.class);
			assertThat(ids(bus)).containsExactly("lazyOne.on");
			bus.publish(Event.of("a", 1));
			await().until(() -> created.seen.equals(List.of("created", "called")));
		});
	}

	@Test
	void worksWithLazyInitialization() {
		this.runner.withPropertyValues("spring.main.lazy-initialization=true")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withUserConfiguration(LazyConfiguration.class)
			.run((context) -> {
				Record created = context.getBean(Record.class);
				context.getBean(EventBus.class).publish(Event.of("a", 1));
				await().until(() -> created.seen.equals(List.of("created", "called")));
			});
	}

	@Test
	void passesOverAbstractBeans() {
		this.runner.withInitializer((context) -> {
			RootBeanDefinition definition = new RootBeanDefinition(Mails.class);
			definition.setAbstract(true);
			((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition("template", definition);
		}).run((context) -> assertThat(ids(context.getBean(EventBus.class))).isEmpty());
	}

	@Test
	void findsMethodsOfGenericSuperclasses() {
		this.runner.withBean("concrete", Concrete.class).run((context) -> {
			context.getBean(EventBus.class).publish(new Registered("1", "a@b.c"));
			await().until(() -> context.getBean(Concrete.class).seen.equals(List.of(new Registered("1", "a@b.c"))));
		});
	}

	@Test
	void findsMetaAnnotations() {
		this.runner.withBean("meta", Meta.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			assertThat(bus.subscriptions().find("orders-audit"))
				.hasValueSatisfying((subscription) -> assertThat(subscription.patterns()).containsExactly("order.*"));
		});
	}

	@Test
	void filters() {
		this.runner.withBean("filtered", Filtered.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			bus.publish(Event.of("user.updated", Map.of("field", "name")));
			bus.publish(Event.of("user.updated", Map.of("field", "email")));
			await().until(() -> context.getBean(Filtered.class).seen.equals(List.of("email")));
			bus.publish(Event.of("user.updated", List.of("no map")));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all().subscription("filtered.on")) == 1);
		});
	}

	@Test
	void publishesWhatReactiveMethodsEmit() {
		this.runner.withBean("reactive", Reactive.class).run((context) -> {
			EventBus bus = context.getBean(EventBus.class);
			Event<?> cause = bus.publish(Event.of("start", 1)).event();
			await().until(() -> bus.history("answer.*", 10).size() == 3);
			assertThat(bus.history("answer.*", 10))
				.allSatisfy((answer) -> assertThat(answer.causationId()).isEqualTo(cause.id().toString()));
			bus.publish(Event.of("fail", 1));
			await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all().subscription("reactive.fails")) == 1);
		});
	}

	@Test
	void refusesDuplicateIdsNamingBothMethods() {
		this.runner.withBean("one", Mails.class)
			.withBean("two", Duplicate.class)
			.run((context) -> assertFails(context, "Two subscribers have the id 'one.send'",
					Mails.class.getName() + "#send of bean 'one'", Duplicate.class.getName() + "#other of bean 'two'"));
	}

	@Test
	void refusesUnreadableFiltersNamingTheMethod() {
		this.runner.withBean("bad", BadFilter.class)
			.run((context) -> assertFails(context, BadFilter.class.getName() + "#on",
					"the filter \"data.x ==\" is not a valid expression"));
	}

	@Test
	void refusesPrivateMethods() {
		this.runner.withBean("private", PrivateMethod.class)
			.run((context) -> assertFails(context, PrivateMethod.class.getName() + "#on", "is private"));
	}

	@Test
	void configurationOverridesAnnotations(CapturedOutput output) {
		this.runner.withBean("mails", Mails.class)
			.withBean("filtered", Filtered.class)
			.withPropertyValues("events.subscribers[mails.send].partitions=2",
					"events.subscribers.filteredon.enabled=false", "events.subscribers.unknown.partitions=3",
					"events.subscribers.other.enabled=false")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				assertThat(ids(bus)).containsExactly("mails.send");
				assertThat(bus.subscriptions().find("mails.send")).map(SubscriptionInfo::partitions).hasValue(2);
				assertThat(output).containsOnlyOnce("events.subscribers configures [other, unknown], but there are "
						+ "only these annotated subscribers: [filtered.on, mails.send]");
			});
	}

	@Test
	void configurationOverridesRetries() {
		this.runner.withBean("failing", Failing.class)
			.withPropertyValues("events.subscribers[failing.on].retry.max-attempts=2",
					"events.subscribers[failing.on].retry.initial-delay=1ms")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.publish(Event.of("a", 1));
				await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 1);
				assertThat(context.getBean(Failing.class).attempts).hasValue(2);
			});
	}

	@Test
	void configurationOverridesWhatTheApplicationSubscribesItself(CapturedOutput output) {
		this.runner
			.withPropertyValues("events.subscribers.own.partitions=2", "events.subscribers[off.switched].enabled=false",
					"events.subscribers.early.partitions=3", "events.subscribers.wrong.partitions=0")
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(beanFactory) -> beanFactory.addBeanPostProcessor(new SubscribingPostProcessor())))
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				bus.subscribe(Subscriber.to("a").id("own").handler((event) -> {
				}));
				Subscription off = bus.subscribe(Subscriber.to("a").id("off.switched").handler((event) -> {
				}));
				assertThat(off.id()).isEqualTo("off.switched");
				assertThat(bus.stats().subscriptions()).extracting(SubscriptionInfo::id, SubscriptionInfo::partitions)
					.containsExactlyInAnyOrder(tuple("early", 3), tuple("own", 2));
				off.close();
				assertThatExceptionOfType(InvalidSubscriptionException.class)
					.isThrownBy(() -> bus.subscribe(Subscriber.to("a").id("wrong").handler((event) -> {
					})))
					.withMessageContaining("events.subscribers[wrong] is not valid");
				assertThat(output).contains("[off.switched, own, wrong]").doesNotContain("[early");
			});
	}

	/** Subscribes as soon as there is a bus. */
	private static final class SubscribingPostProcessor implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			if (bean instanceof EventBus bus) {
				bus.subscribe(Subscriber.to("a").id("early").handler((event) -> {
				}));
			}
			return bean;
		}

	}

	@Test
	void configurationOverridesHowCallsAreMade() {
		this.runner.withBean("listing", Listing.class)
			.withPropertyValues("events.subscribers[listing.on].batch-size=3",
					"events.subscribers[listing.on].batch-wait=30s", "events.subscribers[listing.on].timeout=100ms",
					"events.subscribers[listing.on].concurrency=1", "events.subscribers[listing.on].partitions=1",
					"events.subscribers[listing.on].retry.max-attempts=1")
			.run((context) -> {
				EventBus bus = context.getBean(EventBus.class);
				for (int i = 0; i < 3; i++) {
					bus.publish(Event.of("a", i));
				}
				await().untilAsserted(() -> assertThat(context.getBean(Listing.class).sizes).containsExactly(3));
				await().until(() -> bus.deadLetters().count(DeadLetters.Filter.all()) == 3);
			});
	}

	@Test
	void refusesABatchForASubscriberOfSingleEvents() {
		this.runner.withBean("mails", Mails.class)
			.withPropertyValues("events.subscribers[mails.send].batch-size=3")
			.run((context) -> assertFails(context, "events.subscribers[mails.send] is not valid",
					"it takes one event at a time"));
	}

	@Test
	void refusesATransactionalSubscriberThatLeavesItsTransaction() {
		this.runner.withBean("leaving", Leaving.class)
			.run((context) -> assertFails(context, Leaving.class.getName() + "#on",
					"its @Transactional leaves that transaction"));
	}

	@Test
	void refusesInvalidOverrides() {
		this.runner.withBean("mails", Mails.class)
			.withPropertyValues("events.subscribers[mails.send].partitions=0")
			.run((context) -> assertFails(context, "events.subscribers[mails.send] is not valid",
					"partitions is 0; it must be from 1 to 1024"));
	}

	@Test
	void childContextsRegisterTheirOwnSubscribersOnce() {
		this.runner.withBean("mails", Mails.class).run((parent) -> {
			EventBus bus = parent.getBean(EventBus.class);
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(parent);
				child.getEnvironment().merge(parent.getEnvironment());
				child.registerBean("audit", Audit.class);
				child.register(Configurations.getClasses(EventsContext.autoConfigurations()));
				child.refresh();
				assertThat(child.getBean(EventBus.class)).isSameAs(bus);
				assertThat(ids(bus)).containsExactlyInAnyOrder("mails.send", "audit.on");
				bus.publish(new Registered("1", "a@b.c"));
				await().until(() -> child.getBean(Audit.class).seen().size() == 1);
				await().until(() -> parent.getBean(Mails.class).seen.size() == 1);
			}
			assertThat(bus.stats().subscriptions()).filteredOn((info) -> info.id().equals("audit.on"))
				.allSatisfy((info) -> assertThat(info.state()).isNotEqualTo(SubscriptionInfo.State.BLOCKED));
			bus.publish(new Registered("2", "a@b.c"));
			await().until(() -> parent.getBean(Mails.class).seen.size() == 2);
		});
	}

	private static void assertFails(AssertableApplicationContext context, String... messages) {
		assertThat(context).hasFailed();
		Throwable failure = context.getStartupFailure();
		while (!(failure instanceof InvalidSubscriptionException) && failure.getCause() != null) {
			failure = failure.getCause();
		}
		assertThat(failure).isInstanceOf(InvalidSubscriptionException.class).hasMessageContainingAll(messages);
	}

	private static List<String> ids(EventBus bus) {
		return bus.stats().subscriptions().stream().map(SubscriptionInfo::id).toList();
	}

	private static DefaultAdvisorAutoProxyCreator proxyCreator(boolean classes) {
		DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
		creator.setProxyTargetClass(classes);
		return creator;
	}

	@EventType("user.registered")
	public record Registered(@EventKey String id, String email) {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@interface Proxied {

	}

	@Proxied
	static class Mails {

		final List<Registered> seen = new CopyOnWriteArrayList<>();

		@EventSubscriber
		void send(Registered event) {
			this.seen.add(event);
		}

		List<Registered> seen() {
			return this.seen;
		}

	}

	interface Auditing {

		void on(Event<?> event);

		List<Event<?>> seen();

	}

	@Proxied
	static class Audit implements Auditing {

		private final List<Event<?>> seen = new CopyOnWriteArrayList<>();

		@Override
		@EventSubscriber("**")
		public void on(Event<?> event) {
			this.seen.add(event);
		}

		@Override
		public List<Event<?>> seen() {
			return this.seen;
		}

	}

	@Proxied
	static class HiddenByProxy implements Runnable {

		@EventSubscriber("a")
		void on() {
		}

		@Override
		public void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxyConfiguration {

		final AtomicInteger calls = new AtomicInteger();

		@Bean
		DefaultPointcutAdvisor advisor() {
			return new DefaultPointcutAdvisor(AnnotationMatchingPointcut.forClassAnnotation(Proxied.class),
					(MethodInterceptor) (invocation) -> {
						this.calls.incrementAndGet();
						return invocation.proceed();
					});
		}

	}

	static class Record {

		final List<String> seen = new CopyOnWriteArrayList<>();

	}

	static class Instance {

		private final Record record;

		Instance(Record record) {
			this.record = record;
			ScopedConfiguration.instances.incrementAndGet();
		}

		@EventSubscriber("a")
		void on() {
			this.record.seen.add("called");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedConfiguration {

		static final AtomicInteger instances = new AtomicInteger();

		@Bean
		static CustomScopeConfigurer threadScope() {
			CustomScopeConfigurer configurer = new CustomScopeConfigurer();
			configurer.addScope("thread", new SimpleThreadScope());
			return configurer;
		}

		@Bean
		Record record() {
			return new Record();
		}

		@Bean
		@Scope(value = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Instance scoped(Record record) {
			return new Instance(record);
		}

		@Bean
		@Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
		Instance prototype(Record record) {
			return new Instance(record);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyConfiguration {

		@Bean
		Record record() {
			return new Record();
		}

		@Bean
		@Lazy
		LazyOne lazyOne(Record record) {
			return new LazyOne(record);
		}

	}

	static class LazyOne {

		private final Record record;

		LazyOne(Record record) {
			this.record = record;
			record.seen.add("created");
		}

		@EventSubscriber("a")
		void on() {
			this.record.seen.add("called");
		}

	}

	abstract static class Generic<T> {

		final List<Object> seen = new CopyOnWriteArrayList<>();

		@EventSubscriber
		void on(Event<T> event, T data) {
			this.seen.add(data);
		}

	}

	static class Concrete extends Generic<Registered> {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@EventSubscriber
	@interface AuditOf {

		@AliasFor(annotation = EventSubscriber.class, attribute = "value")
		String[] types();

		@AliasFor(annotation = EventSubscriber.class, attribute = "id")
		String id();

	}

	static class Meta {

		@AuditOf(types = "order.*", id = "orders-audit")
		void on(Event<?> event) {
		}

	}

	static class Filtered {

		final List<String> seen = new CopyOnWriteArrayList<>();

		@EventSubscriber(value = "user.updated", filter = "data.field == 'email'")
		void on(Map<String, String> data) {
			this.seen.add(data.getOrDefault("field", ""));
		}

	}

	static class Reactive {

		@EventSubscriber("start")
		Mono<Event<Integer>> one() {
			return Mono.just(Event.of("answer.one", 1));
		}

		@EventSubscriber("start")
		Flux<Event<Integer>> many() {
			return Flux.just(Event.of("answer.many", 1), Event.of("answer.many", 2));
		}

		@EventSubscriber("start")
		Mono<Void> nothing() {
			return Mono.empty();
		}

		@EventSubscriber(value = "fail", maxAttempts = 1)
		Mono<Void> fails() {
			return Mono.error(new IllegalStateException("no"));
		}

	}

	static class Duplicate {

		@EventSubscriber(value = "a", id = "one.send")
		void other() {
		}

	}

	static class BadFilter {

		@EventSubscriber(value = "a", filter = "data.x ==")
		void on() {
		}

	}

	static class PrivateMethod {

		@EventSubscriber("a")
		private void on() {
		}

	}

	static class Leaving {

		@EventSubscriber(value = "a", transactional = true)
		@Transactional(propagation = Propagation.REQUIRES_NEW)
		void on(Event<Integer> event) {
		}

	}

	static class Listing {

		final List<Integer> sizes = new CopyOnWriteArrayList<>();

		@EventSubscriber("a")
		void on(List<Event<Integer>> events) throws InterruptedException {
			this.sizes.add(events.size());
			new CountDownLatch(1).await();
		}

	}

	static class Failing {

		final AtomicInteger attempts = new AtomicInteger();

		@EventSubscriber(value = "a", maxAttempts = 10)
		Optional<Object> on() {
			throw new IllegalStateException("attempt " + this.attempts.incrementAndGet());
		}

	}

}
