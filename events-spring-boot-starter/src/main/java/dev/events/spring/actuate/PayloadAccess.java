package dev.events.spring.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

/**
 * To whom endpoints show data, metadata and user of events, and messages of errors.
 *
 * @param show when they do
 * @param roles who is authorized; empty for everybody who is authenticated
 */
public record PayloadAccess(ShowPayloads show, Set<String> roles) {

	public PayloadAccess {
		roles = Set.copyOf(roles);
	}

	boolean isShown(SecurityContext caller) {
		Show boot = switch (this.show) {
			case NEVER -> Show.NEVER;
			case WHEN_AUTHORIZED -> Show.WHEN_AUTHORIZED;
			case ALWAYS -> Show.ALWAYS;
		};
		return boot.isShown(caller, this.roles);
	}

}
