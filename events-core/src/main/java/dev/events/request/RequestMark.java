package dev.events.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.events.Event;

/**
 * What is written in the metadata of requests and of their answers, so that answers find
 * the one who waits.
 * <p>
 * A request carries a secret: who can guess the ids of events, but not read the request,
 * cannot answer it. It is bound to the request's id, so that other events do not become
 * requests by taking over its metadata.
 */
public final class RequestMark {

	/** On a request: the node that waits. */
	static final String NODE = "events.request.node";

	/** On a request: its id and its secret. */
	static final String REQUEST = "events.request.id";

	/** On an answer: the node that waits. */
	static final String ANSWER_NODE = "events.answer.node";

	/** On an answer: id and secret of the request. */
	static final String ANSWERED = "events.answer.to";

	/** On an answer: who answers. */
	static final String RESPONDER = "events.answer.by";

	/** Type of the event by which a subscriber tells that it has given a request up. */
	public static final String GIVEN_UP = "events.request.given-up";

	private RequestMark() {
	}

	/** A ticket for a request, to be found again by it: its id and a secret. */
	static String ticket(Event<?> event) {
		return event.id() + "/" + UUID.randomUUID();
	}

	/** The event as a request. */
	static <T> Event<T> request(Event<T> event, String node, String ticket) {
		return event.withMetadata(Map.of(NODE, node, REQUEST, ticket));
	}

	/** Whether somebody waits, or has waited, for answers to an event. */
	public static boolean isRequest(Event<?> event) {
		return isRequest(event.id(), event.metadata());
	}

	/** As {@link #isRequest(Event)}, for an event as it is stored. */
	public static boolean isRequest(UUID id, Map<String, String> metadata) {
		String ticket = metadata.get(REQUEST);
		return ticket != null && metadata.containsKey(NODE) && ticket.startsWith(id + "/");
	}

	/**
	 * What a handler returned, as answers if it has handled a request.
	 * @param answers {@link Event}s, or objects whose classes carry
	 * {@link dev.events.EventType}
	 * @param handled the event that was handled
	 * @param responder who answers; the same one, whenever it handles the request again
	 */
	public static List<Object> answers(List<Object> answers, Event<?> handled, String responder) {
		if (answers.isEmpty() || !isRequest(handled)) {
			return answers;
		}
		List<Object> marked = new ArrayList<>(answers.size());
		for (Object answer : answers) {
			Event<?> event = (answer instanceof Event<?> present) ? present : Event.of(answer);
			String by = marked.isEmpty() ? responder : responder + "/" + marked.size();
			marked.add(event.withMetadata(answer(handled.metadata(), by)));
		}
		return marked;
	}

	/**
	 * Tells whoever waits for an answer that a subscriber will give none.
	 * @param request metadata of the request
	 * @param error class of what the handler threw
	 */
	public static Event<?> givenUp(Map<String, String> request, String responder, int attempts, String error) {
		return Event.of(GIVEN_UP, Map.of("subscription", responder, "attempts", attempts, "error", error))
			.withMetadata(answer(request, responder));
	}

	private static Map<String, String> answer(Map<String, String> request, String responder) {
		return Map.of(ANSWER_NODE, request.getOrDefault(NODE, ""), ANSWERED, request.getOrDefault(REQUEST, ""),
				RESPONDER, responder);
	}

}
