package dev.events.sample.checkout;

import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What was done for a checkout. Doing it again changes nothing, for events may come more
 * than once.
 */
@Repository
class Ledger {

	private final JdbcClient jdbc;

	Ledger(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void write(UUID checkout, Entry entry) {
		this.jdbc.sql("""
				insert into checkout_ledger (checkout_id, entry) select :checkout, :entry
				where not exists (select 1 from checkout_ledger where checkout_id = :checkout and entry = :entry)
				""").param("checkout", checkout).param("entry", entry.name()).update();
	}

	List<String> entries(UUID checkout) {
		return this.jdbc.sql("select entry from checkout_ledger where checkout_id = ? order by written_at")
			.param(checkout)
			.query((rows, number) -> rows.getString("entry"))
			.list();
	}

	/**
	 * What can be done.
	 */
	enum Entry {

		/** A payment was taken. */
		PAYMENT,

		/** The stock was set aside. */
		RESERVATION,

		/** The payment was given back. */
		REFUND

	}

}
