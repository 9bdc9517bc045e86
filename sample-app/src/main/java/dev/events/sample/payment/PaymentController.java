package dev.events.sample.payment;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Payments that were taken, newest first.
 */
@RestController
class PaymentController {

	private static final int MAX_PAYMENTS = 100;

	private final Payments payments;

	PaymentController(Payments payments) {
		this.payments = payments;
	}

	@GetMapping("/payments")
	List<Payment> payments() {
		return this.payments.newest(MAX_PAYMENTS);
	}

}
