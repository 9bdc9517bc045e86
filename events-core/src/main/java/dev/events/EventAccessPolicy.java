package dev.events;

/**
 * Says who may publish and receive which events. All beans of this type are asked, and
 * each of them can refuse. What is refused is counted, logged once, and audited by an
 * event of type {@value #REFUSED}. Must be thread-safe and quick, for it is asked for
 * every event.
 *
 * <pre>{@code
 * &#64;Bean
 * EventAccessPolicy onlyBillingPublishesPayments() {
 *     return new EventAccessPolicy() {
 *         public void checkPublish(Event<?> event) {
 *             if (event.type().startsWith("payment.") && !event.source().equals("billing")) {
 *                 throw new EventAccessDeniedException("Only billing publishes payments");
 *             }
 *         }
 *     };
 * }
 * }</pre>
 */
public interface EventAccessPolicy {

	/**
	 * Type of the events that tell of refusals. Their data has {@code action}
	 * ({@code publish} or {@code receive}), {@code type}, {@code source},
	 * {@code subscription}, {@code user}, {@code organization}, {@code reason} and
	 * {@code count}: how many refusals of this kind there were on this node since the
	 * last such event. There is at most one a minute for each kind, and 60 for all kinds
	 * on each node; {@code others}, if it is there, says how many refusals of further
	 * kinds nothing was told about.
	 */
	String REFUSED = "events.access.refused";

	/**
	 * Called in the publisher's thread when interceptors have seen the event, before it
	 * is stored.
	 * @throws EventAccessDeniedException when it must not be published; the publisher
	 * gets it
	 */
	default void checkPublish(Event<?> event) {
	}

	/**
	 * Called before a subscriber's handler, for each attempt; not for those that filter
	 * the event out.
	 * @param subscription id of the subscription
	 * @throws EventAccessDeniedException when the subscriber must not have it; it is
	 * passed over
	 */
	default void checkReceive(Event<?> event, String subscription) {
	}

}
