package dev.events.spring.access;

import java.util.HashSet;
import java.util.Set;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * The authorities of the current authentication of Spring Security. A handler that
 * publishes has none, for it runs in no request.
 */
public final class SecurityContextAuthorities implements PublisherAuthorities {

	@Override
	public Set<String> current() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		Set<String> names = new HashSet<>();
		if (authentication != null && authentication.isAuthenticated()) {
			for (GrantedAuthority authority : authentication.getAuthorities()) {
				if (authority.getAuthority() != null) {
					names.add(authority.getAuthority());
				}
			}
		}
		return names;
	}

}
