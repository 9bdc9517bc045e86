package dev.events.sample.search;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Search over HTTP.
 */
@RestController
class SearchController {

	private static final int MAX_HITS = 50;

	private final SearchIndex index;

	SearchController(SearchIndex index) {
		this.index = index;
	}

	@GetMapping("/search")
	List<SearchHit> search(@RequestParam String q) {
		return this.index.find(q, MAX_HITS);
	}

}
