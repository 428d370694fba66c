"""All routes of the resource centre, those of files before those of a resource and its slug."""

from fastapi import APIRouter

from app.public.resources import file_routes, page_routes, routes

router = APIRouter()
for each in (routes, file_routes, page_routes):
    router.include_router(each.router)
