package dev.events.sample.linking;

import java.util.List;
import java.util.UUID;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Other accounts of a user.
 */
@RestController
class LinkController {

	private final AccountLinks links;

	LinkController(AccountLinks links) {
		this.links = links;
	}

	@GetMapping("/users/{id}/links")
	List<UUID> links(@PathVariable UUID id) {
		return this.links.of(id);
	}

}
