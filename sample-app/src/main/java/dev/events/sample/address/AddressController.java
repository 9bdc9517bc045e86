package dev.events.sample.address;

import java.util.List;
import java.util.UUID;

import dev.events.EventBus;
import dev.events.SubjectErasedException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Addresses over HTTP.
 */
@RestController
@RequestMapping("/users/{id}/addresses")
class AddressController {

	private static final int MAX_ADDRESSES = 100;

	private final EventBus events;

	AddressController(EventBus events) {
		this.events = events;
	}

	@PutMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void move(@PathVariable UUID id, @RequestBody Address address) {
		this.events.publish(new AddressChanged(id, address.street(), address.city()));
	}

	/** Where the user has lived, newest first; what was forgotten says only that. */
	@GetMapping
	List<Object> addresses(@PathVariable UUID id) {
		return this.events.query()
			.type("address.changed")
			.key(id.toString())
			.newestFirst()
			.list(MAX_ADDRESSES)
			.stream()
			.map((event) -> event.data())
			.toList();
	}

	/** Nobody can read the addresses any more, not even in the log. */
	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void forget(@PathVariable UUID id) {
		this.events.dataSubjects().forget(id.toString());
	}

	@ExceptionHandler
	ProblemDetail forgotten(SubjectErasedException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.GONE, "The user wants to be forgotten");
	}

	/**
	 * What a request says.
	 *
	 * @param street street and number
	 * @param city city
	 */
	record Address(String street, String city) {

	}

}
