package dev.events.sample.linking;

import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The tables of this plugin: which user has which mailbox, and who is linked to whom.
 */
@Repository
class AccountLinks {

	private final JdbcClient jdbc;

	AccountLinks(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void remember(Account account) {
		int updated = this.jdbc.sql("update account_mailboxes set mailbox = ? where user_id = ?")
			.params(account.mailbox(), account.userId())
			.update();
		if (updated == 0) {
			this.jdbc.sql("insert into account_mailboxes (mailbox, user_id) values (?, ?)")
				.params(account.mailbox(), account.userId())
				.update();
		}
	}

	/** Users with the same mailbox who are not linked to this one yet. */
	List<UUID> missing(Account account) {
		return this.jdbc.sql("""
				select user_id from account_mailboxes
				where mailbox = :mailbox and user_id <> :user
				and user_id not in (select linked_to from account_links where user_id = :user)
				order by user_id
				""")
			.param("mailbox", account.mailbox())
			.param("user", account.userId())
			.query((row, number) -> row.getObject(1, UUID.class))
			.list();
	}

	void link(UUID one, UUID other) {
		this.jdbc.sql("insert into account_links (user_id, linked_to) values (?, ?), (?, ?)")
			.params(one, other, other, one)
			.update();
	}

	List<UUID> of(UUID userId) {
		return this.jdbc.sql("select linked_to from account_links where user_id = ? order by linked_to")
			.param(userId)
			.query((row, number) -> row.getObject(1, UUID.class))
			.list();
	}

}
