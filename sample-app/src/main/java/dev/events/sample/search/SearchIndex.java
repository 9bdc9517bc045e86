package dev.events.sample.search;

import java.util.List;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table that stands in for a search engine.
 */
@Repository
class SearchIndex {

	private final JdbcClient jdbc;

	SearchIndex(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	void put(SearchHit hit) {
		int updated = this.jdbc.sql("update search_index set content = :text where kind = :kind and id = :id")
			.paramSource(hit)
			.update();
		if (updated == 0) {
			this.jdbc.sql("insert into search_index (kind, id, content) values (:kind, :id, :text)")
				.paramSource(hit)
				.update();
		}
	}

	List<SearchHit> find(String text, int limit) {
		return this.jdbc.sql("""
				select kind, id, content from search_index
				where position(lower(:text) in lower(content)) > 0
				order by content, id
				fetch first :limit rows only
				""")
			.param("text", text)
			.param("limit", limit)
			.query((row, number) -> new SearchHit(row.getString("kind"), row.getObject("id", UUID.class),
					row.getString("content")))
			.list();
	}

}
