"""What members are told of by mail: searches of actors, resources and the agenda."""
