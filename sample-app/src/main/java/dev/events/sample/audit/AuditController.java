package dev.events.sample.audit;

import java.util.List;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The audit log over HTTP, newest entries first.
 */
@RestController
class AuditController {

	private final AuditLog log;

	AuditController(AuditLog log) {
		this.log = log;
	}

	/**
	 * One page.
	 * @param limit at most so many entries
	 * @param before the number of the last entry of the page before
	 */
	@GetMapping("/audit")
	List<AuditEntry> audit(@RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
			@RequestParam(defaultValue = "" + Long.MAX_VALUE) long before) {
		return this.log.newest(limit, before);
	}

}
