package dev.events.delivery;

import java.util.List;
import java.util.function.Consumer;

import dev.events.Event;
import dev.events.codec.EventCodec;
import dev.events.correlation.CurrentEvent;
import dev.events.request.RequestMark;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.EventRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for an answer to a request that a subscriber has given it up, as
 * far as possible: if it is not, their time will be over. Thread-safe.
 */
final class GivenUpRequests {

	private static final Logger logger = LoggerFactory.getLogger(GivenUpRequests.class);

	private final Consumer<List<Object>> publisher;

	GivenUpRequests(Consumer<List<Object>> publisher) {
		this.publisher = publisher;
	}

	/**
	 * Tells of an event that may be a request. The message of the error may be secret.
	 */
	void tell(EventRecord event, String responder, int attempts, Failure failure) {
		if (!RequestMark.isRequest(event.id(), event.metadata())) {
			return;
		}
		Event<?> notice = RequestMark.givenUp(event.metadata(), responder, attempts, failure.type());
		try {
			CurrentEvent.call(EventCodec.raw(event), () -> {
				this.publisher.accept(List.of(notice));
				return true;
			});
		}
		catch (Exception ex) {
			logger.debug("Nobody could be told that {} has given up request {}", responder, event.id(), ex);
		}
	}

}
