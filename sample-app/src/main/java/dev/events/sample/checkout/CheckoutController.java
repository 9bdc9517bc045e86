package dev.events.sample.checkout;

import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.UUID;

import dev.events.EventBus;
import dev.events.SagaInfo;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Checkouts over HTTP.
 */
@RestController
@RequestMapping("/checkouts")
class CheckoutController {

	private final EventBus events;

	private final Ledger ledger;

	CheckoutController(EventBus events, Ledger ledger) {
		this.events = events;
		this.ledger = ledger;
	}

	@PostMapping
	ResponseEntity<Started> start(@Valid @RequestBody Request request) {
		UUID id = UUID.randomUUID();
		this.events.publish(new CheckoutStarted(id, request.amount(), request.items()));
		return ResponseEntity.created(URI.create("/checkouts/" + id)).body(new Started(id));
	}

	@GetMapping("/{id}")
	Checkout checkout(@PathVariable UUID id) {
		SagaInfo saga = this.events.sagas()
			.find(CheckoutSaga.NAME, id.toString())
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no checkout " + id));
		return new Checkout(id, saga.status(), saga.reason(), this.ledger.entries(id));
	}

	/**
	 * What a client sends.
	 */
	record Request(@NotNull @Positive @Digits(integer = 10, fraction = 2) BigDecimal amount,
			@NotEmpty @Size(max = 100) List<@NotBlank @Size(max = 200) String> items) {

	}

	/**
	 * A checkout that has begun.
	 *
	 * @param id its id
	 */
	record Started(UUID id) {

	}

	/**
	 * A checkout.
	 *
	 * @param id its id
	 * @param status what has become of it
	 * @param reason why it was taken back
	 * @param ledger what was done for it
	 */
	record Checkout(UUID id, SagaInfo.Status status, @Nullable String reason, List<String> ledger) {

	}

}
