package dev.events.sample.payment;

/**
 * The payment provider did not take a payment; another attempt may succeed.
 */
class PaymentFailedException extends RuntimeException {

	PaymentFailedException(String message) {
		super(message);
	}

}
