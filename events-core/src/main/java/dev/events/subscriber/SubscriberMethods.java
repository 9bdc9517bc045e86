package dev.events.subscriber;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.CompletionStage;

import dev.events.EventFunction;
import dev.events.EventSubscriber;
import dev.events.InvalidEventException;
import dev.events.InvalidSubscriptionException;
import dev.events.Subscriber;
import tools.jackson.databind.type.TypeFactory;

/**
 * Makes subscribers of methods that carry {@link EventSubscriber}. Thread-safe.
 */
public final class SubscriberMethods {

	private final TypeFactory types = TypeFactory.createDefaultInstance();

	private final FilterCompiler filters;

	private final AnswerAdapter answers;

	/**
	 * Creates a factory.
	 * @param filters compiles {@link EventSubscriber#filter()}
	 * @param answers translates what methods return
	 */
	public SubscriberMethods(FilterCompiler filters, AnswerAdapter answers) {
		this.filters = filters;
		this.answers = answers;
	}

	/**
	 * Makes a subscriber.
	 * @param method the method, as declared; its generic parameters are resolved against
	 * the bean's class
	 * @param beanType class of the object that has the method
	 * @param annotation the options
	 * @param defaultId id of the subscription unless the annotation names one
	 * @param target calls the method
	 * @return the subscriber
	 * @throws InvalidSubscriptionException when the method cannot be a subscriber; the
	 * message names class and method and says what to write
	 */
	public Subscriber<?> subscriber(Method method, Class<?> beanType, EventSubscriber annotation, String defaultId,
			MethodTarget target) {
		try {
			return create(method, beanType, annotation, defaultId, target);
		}
		catch (InvalidSubscriptionException | InvalidEventException ex) {
			throw new InvalidSubscriptionException(
					"@EventSubscriber method " + MethodNames.of(method, beanType) + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Makes a subscriber of a method that carries no {@link EventSubscriber}, to be
	 * called by other means than a bus. It takes single events as such a method does, and
	 * returns nothing.
	 * @param method the method, as declared
	 * @param beanType class of the object that has the method
	 * @param target calls the method
	 * @return a subscriber of all events: of interest are its function and the type of
	 * its data
	 * @throws InvalidSubscriptionException when the method is of another kind; the
	 * message names class and method and says what to write
	 */
	public Subscriber<?> function(Method method, Class<?> beanType, MethodTarget target) {
		try {
			MethodSignature signature = MethodSignature.of(method, beanType, this.types);
			require(!signature.takesBatch(), "takes several events at a time; take one");
			require(!signature.takesCancellation(),
					"takes a Cancellation, but gets an event only when it is stored; leave out the parameter");
			require(method.getReturnType() == void.class, "returns a " + method.getReturnType().getSimpleName()
					+ ", but nobody takes it; let it return void, and publish with EventBus");
			return Subscriber.to("**")
				.as(signature.dataType())
				.function((event, delivery) -> target.invoke(signature.arguments(event, delivery)));
		}
		catch (InvalidSubscriptionException ex) {
			throw new InvalidSubscriptionException(
					"Method " + MethodNames.of(method, beanType) + ": " + ex.getMessage(), ex);
		}
	}

	private Subscriber<?> create(Method method, Class<?> beanType, EventSubscriber annotation, String defaultId,
			MethodTarget target) {
		require(!Modifier.isPrivate(method.getModifiers()), "is private; leave out \"private\"");
		require(!Modifier.isStatic(method.getModifiers()), "is static; leave out \"static\"");
		MethodSignature signature = MethodSignature.of(method, beanType, this.types);
		require(!signature.takesCancellation() || annotation.synchronous(),
				"takes a Cancellation, but an asynchronous subscriber gets an event only when it is stored; "
						+ "write @EventSubscriber(synchronous = true) or leave out the parameter");
		require(!annotation.transactional() || !CompletionStage.class.isAssignableFrom(method.getReturnType()),
				"is transactional, so its work must be done when it returns; let it not return a "
						+ method.getReturnType().getSimpleName());
		Subscriber.Builder<Object> subscriber = Subscriber.to(patterns(annotation, signature)).as(signature.dataType());
		subscriber.id(annotation.id().isEmpty() ? requireValidId(defaultId) : annotation.id());
		applyOptions(annotation, subscriber);
		if (signature.takesBatch()) {
			if (annotation.batchSize() != 0) {
				subscriber.batch(annotation.batchSize());
			}
			if (!annotation.batchWait().isBlank()) {
				subscriber.batchWait(DurationText.parse("batchWait", annotation.batchWait()));
			}
			return subscriber.batchHandler((events) -> target.invoke(signature.arguments(events)));
		}
		require(annotation.batchSize() == 0 && annotation.batchWait().isBlank(),
				"has batchSize or batchWait, but takes one event at a time; take a List<Event<...>>");
		AnswerAdapter adapter = this.answers;
		EventFunction<Object> function = (event, delivery) -> adapter
			.adapt(target.invoke(signature.arguments(event, delivery)));
		return subscriber
			.function((method.getReturnType() == void.class) ? EventFunction.answeringNothing(function) : function);
	}

	private void applyOptions(EventSubscriber annotation, Subscriber.Builder<?> subscriber) {
		if (!annotation.filter().isBlank()) {
			subscriber.where(this.filters.compile(annotation.filter()));
		}
		if (annotation.synchronous()) {
			subscriber.synchronous();
		}
		if (annotation.transactional()) {
			subscriber.transactional();
		}
		if (annotation.broadcast()) {
			subscriber.broadcast();
		}
		if (annotation.concurrency() != 0) {
			subscriber.concurrency(annotation.concurrency());
		}
		if (!annotation.timeout().isBlank()) {
			subscriber.timeout(DurationText.parse("timeout", annotation.timeout()));
		}
		if (annotation.maxAttempts() != 0) {
			subscriber.maxAttempts(annotation.maxAttempts());
		}
		if (annotation.partitions() != 0) {
			subscriber.partitions(annotation.partitions());
		}
		if (!annotation.organization().isEmpty()) {
			subscriber.organization(annotation.organization());
		}
		subscriber.priority(annotation.priority())
			.replay(annotation.replay())
			.startAt(annotation.startAt())
			.afterDeadLetter(annotation.afterDeadLetter())
			.ignoreSources(annotation.ignoreSources())
			.sources(annotation.sources());
	}

	private static String[] patterns(EventSubscriber annotation, MethodSignature signature) {
		if (annotation.value().length > 0) {
			return annotation.value();
		}
		String type = signature.eventType()
			.orElseThrow(() -> new InvalidSubscriptionException("does not say which events it is for; write "
					+ "@EventSubscriber(\"some.type\"), or take a parameter whose class carries @EventType"));
		return new String[] { type };
	}

	private static String requireValidId(String id) {
		try {
			Subscriber.to("**").id(id);
			return id;
		}
		catch (InvalidSubscriptionException ex) {
			throw new InvalidSubscriptionException(
					ex.getMessage() + "; give one: @EventSubscriber(id = \"some-id\", ...)", ex);
		}
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new InvalidSubscriptionException(message);
		}
	}

}
