"""Pages of embeds: what stands in a frame, the page that builds one, and oEmbed."""
