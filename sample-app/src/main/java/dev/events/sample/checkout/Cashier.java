package dev.events.sample.checkout;

import java.util.UUID;

import dev.events.Event;
import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * Takes payments and gives them back. Stands in for a payment provider, which declines
 * what costs 666.
 */
@Component
class Cashier {

	private final Ledger ledger;

	Cashier(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Takes a payment.
	 * @return published next
	 */
	@EventSubscriber(id = "cashier", replay = false)
	Event<?> pay(Event<PaymentRequested> event) {
		UUID checkout = event.data().checkoutId();
		if (event.data().amount().intValue() == 666) {
			return Answers.to(event, new PaymentFailed(checkout, "declined"));
		}
		this.ledger.write(checkout, Ledger.Entry.PAYMENT);
		return Answers.to(event, new PaymentCompleted(checkout, "receipt-" + event.id()));
	}

	@EventSubscriber(id = "cashier-refunds", replay = false)
	void refund(RefundRequested event) {
		this.ledger.write(event.checkoutId(), Ledger.Entry.REFUND);
	}

}
