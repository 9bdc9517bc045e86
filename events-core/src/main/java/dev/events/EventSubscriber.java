package dev.events;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a subscriber. The method takes the data object, the {@link Event}, or
 * both, and if it likes {@link Delivery} or {@link Cancellation}, in any order. What it
 * returns is published, see {@link EventFunction}. It may have any visibility but
 * {@code private}.
 *
 * <pre class="code">
 * &#064;EventSubscriber  // type from UserRegistered
 * void sendWelcomeMail(UserRegistered event) { ... }
 *
 * &#064;EventSubscriber(id = "audit", value = "**")
 * void record(Event&lt;?&gt; event) { ... }
 *
 * &#064;EventSubscriber(value = "user.updated", filter = "data['field'] == 'email'")
 * Event&lt;?&gt; verify(Event&lt;UserUpdated&gt; event) { ... }
 * </pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
public @interface EventSubscriber {

	/**
	 * Event types or patterns, see {@link EventPattern}. May be left out when a
	 * parameter's class carries {@link EventType}.
	 */
	String[] value() default {};

	/**
	 * Unique id of the subscription, under which its cursor is kept; letters, digits,
	 * {@code . _ : -}. By default bean name and method name, joined by a dot. Give one
	 * where bean or method may be renamed: a new id is a new subscription.
	 */
	String id() default "";

	/**
	 * Expression (SpEL, read-only) over the event that must be true, for example
	 * {@code data['field'] == 'email'}; data is seen as plain maps and lists.
	 */
	String filter() default "";

	/**
	 * Whether to run in the publisher's thread and transaction, before the event is
	 * stored.
	 */
	boolean synchronous() default false;

	/**
	 * Synchronous subscribers of higher priority run first.
	 */
	int priority() default 0;

	/**
	 * Attempts in all before the event becomes a dead letter; 0 for
	 * {@code events.retry.max-attempts}.
	 */
	int maxAttempts() default 0;

	/**
	 * Number of partitions, that is, how many events with different keys may be handled
	 * at the same time in the whole cluster; 0 for {@code events.delivery.partitions}.
	 */
	int partitions() default 0;

	/**
	 * Where a new subscription begins.
	 */
	StartPosition startAt() default StartPosition.HEAD;

	/**
	 * What happens to later events of a key when one has become a dead letter.
	 */
	AfterDeadLetter afterDeadLetter() default AfterDeadLetter.CONTINUE;

	/**
	 * Limits the subscription to events of one organization; without it events of all,
	 * and of none, are received.
	 */
	String organization() default "";

	/**
	 * Sources whose events are passed over, for example the subscriber's own.
	 */
	String[] ignoreSources() default {};

	/**
	 * The only sources whose events the subscriber takes, by default all. Others are
	 * refused, counted and audited, see {@link EventAccessPolicy}.
	 */
	String[] sources() default {};

	/**
	 * Whether handler and cursor share one database transaction, so that what the method
	 * writes in the database of the store is written exactly once.
	 */
	boolean transactional() default false;

	/**
	 * Whether stored events may be replayed to this subscriber; if not, starting a replay
	 * for it is refused, and one that an older version has begun is cancelled. For what
	 * must not happen again, a payment for example.
	 */
	boolean replay() default true;

	/**
	 * Whether every node gets every event, from the moment it starts, instead of one node
	 * of the cluster: for caches and open connections. Nothing is kept across restarts,
	 * and what failed for the last time is only logged and counted.
	 */
	boolean broadcast() default false;

	/**
	 * Most calls at the same time on one node; 0 for one for each of its partitions.
	 */
	int concurrency() default 0;

	/**
	 * How long one call may take before it is interrupted and the attempt has failed, for
	 * example {@code 30s}, {@code 500ms}, {@code 2m} or {@code PT30S}; {@code 0s} for any
	 * time. By default {@code events.delivery.handler-timeout}.
	 */
	String timeout() default "";

	/**
	 * Most events of a batch, for a method that takes a list of events; 0 for 100.
	 */
	int batchSize() default 0;

	/**
	 * How long a batch that is not full waits for more events, for example {@code 50ms};
	 * by default it does not wait.
	 */
	String batchWait() default "";

}
