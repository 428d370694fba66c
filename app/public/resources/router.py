"""All routes of the resource centre: what has a name of its own stands before a resource's id."""

from fastapi import APIRouter

from app.public.resources import collection_routes, file_routes, page_routes, print_routes, routes

router = APIRouter()
for each in (routes, file_routes, print_routes, collection_routes, page_routes):
    router.include_router(each.router)
