package dev.events;

/**
 * An event was refused because its publisher may not publish it, or a subscriber may not
 * receive it. Nothing was stored.
 */
public class EventAccessDeniedException extends EventException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param reason why; it is logged and part of an audit event, so no secrets and no
	 * data of the event
	 */
	public EventAccessDeniedException(String reason) {
		super(reason);
	}

}
