package dev.events.sample.checkout;

import java.util.Optional;

import dev.events.Event;
import dev.events.EventSubscriber;

import org.springframework.stereotype.Component;

/**
 * Sets aside what is bought. It never has what is "rare".
 */
@Component
class Warehouse {

	private final Ledger ledger;

	Warehouse(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Sets something aside.
	 * @return published next
	 */
	@EventSubscriber(id = "stock", replay = false)
	Event<?> reserve(Event<StockRequested> event) {
		StockRequested request = event.data();
		Optional<String> missing = request.items().stream().filter((item) -> item.contains("rare")).findFirst();
		if (missing.isPresent()) {
			return Answers.to(event, new StockMissing(request.checkoutId(), missing.get()));
		}
		this.ledger.write(request.checkoutId(), Ledger.Entry.RESERVATION);
		return Answers.to(event, new StockReserved(request.checkoutId()));
	}

}
