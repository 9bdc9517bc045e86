package dev.events.sample.user;

import java.util.UUID;

import dev.events.EventBus;
import dev.events.Publication;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Registers and changes users. Row and event are written in one transaction: there is
 * never a user without the event, nor an event without the user.
 */
@Service
class Registration {

	private final Users users;

	private final EventBus events;

	Registration(Users users, EventBus events) {
		this.users = users;
		this.events = events;
	}

	/**
	 * Registers a user.
	 * @throws RegistrationRefusedException when a plugin is against it
	 */
	@Transactional
	User register(String email, String name) {
		User user = new User(UUID.randomUUID(), email, name);
		this.users.insert(user);
		publish(new UserRegistered(user.id(), user.email(), user.name()));
		return user;
	}

	/**
	 * Gives a user another address and name.
	 * @throws NoSuchUserException when there is no such user
	 * @throws RegistrationRefusedException when a plugin is against it
	 */
	@Transactional
	User update(User user) {
		// first the row, which locks it, then the event: so two updates of one user are
		// published in the order in which they are made
		if (!this.users.update(user)) {
			throw new NoSuchUserException(user.id());
		}
		publish(new UserUpdated(user.id(), user.email(), user.name()));
		return user;
	}

	private void publish(Object event) {
		Publication publication = this.events.publish(event);
		if (publication.outcome() == Publication.Outcome.CANCELLED) {
			// thrown on, so that the transaction takes the row back as well
			throw new RegistrationRefusedException(publication.reason());
		}
	}

}
