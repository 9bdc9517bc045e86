package dev.events.sample.user;

import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of users.
 */
@Repository
public class Users {

	private final JdbcClient jdbc;

	Users(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void insert(User user) {
		this.jdbc.sql("insert into users (id, email, name) values (:id, :email, :name)").paramSource(user).update();
	}

	boolean update(User user) {
		return this.jdbc.sql("update users set email = :email, name = :name where id = :id")
			.paramSource(user)
			.update() == 1;
	}

	public Optional<User> find(UUID id) {
		return this.jdbc.sql("select id, email, name from users where id = ?").param(id).query(User.class).optional();
	}

}
