"""The HTTP face: Supabase Auth's paths and shapes."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from auth_svc.errors import AuthError
from auth_svc.service import Identities

router = APIRouter(prefix="/auth/v1")


class Credentials(BaseModel):
    """What sign-up and the password grant take; clients send more, which is ignored."""

    model_config = ConfigDict(extra="ignore")
    email: str = Field(max_length=320)
    password: str = Field(max_length=1024)


class TokenRequest(BaseModel):
    """What the token endpoint takes, by grant."""

    model_config = ConfigDict(extra="ignore")
    email: str | None = Field(default=None, max_length=320)
    password: str | None = Field(default=None, max_length=1024)
    refresh_token: str | None = Field(default=None, max_length=512)


def identities(request: Request) -> Identities:
    """The service behind the endpoints."""
    service: Identities = request.app.state.identities
    return service


Service = Annotated[Identities, Depends(identities)]


def bearer(authorization: Annotated[str | None, Header()] = None) -> str:
    """The access token of a request."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AuthError(
            401,
            "no_authorization",
            "This endpoint requires a valid Bearer token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token


Token = Annotated[str, Depends(bearer)]


@router.post("/signup")
async def sign_up(body: Credentials, service: Service) -> dict[str, Any]:
    """Make an account; answers a session."""
    return await service.sign_up(body.email, body.password)


@router.post("/token")
async def token(
    request: Request,
    body: TokenRequest,
    service: Service,
    grant_type: Annotated[Literal["password", "refresh_token"], Query()],
) -> dict[str, Any]:
    """Exchange a password or a refresh token for a session."""
    if grant_type == "password":
        if body.email is None or body.password is None:
            raise AuthError(400, "validation_failed", "email and password are required")
        return await service.by_password(body.email, body.password, client_address(request))
    if not body.refresh_token:
        raise AuthError(400, "validation_failed", "refresh_token is required")
    return await service.by_refresh_token(body.refresh_token)


@router.post("/logout", status_code=204)
async def logout(service: Service, access_token: Token) -> Response:
    """End the session of the token."""
    await service.sign_out(access_token)
    return Response(status_code=204)


@router.get("/user")
async def user(service: Service, access_token: Token) -> dict[str, Any]:
    """The account of the token."""
    return await service.user(access_token)


@router.get("/.well-known/jwks.json")
async def jwks(service: Service, response: Response) -> dict[str, Any]:
    """The public signing keys."""
    response.headers["Cache-Control"] = "public, max-age=600"
    return service.jwks()


def client_address(request: Request) -> str:
    """Who asks: the edge, our only caller, puts the client's address last into the header."""
    forwarded = request.headers.get("x-forwarded-for", "")
    last = forwarded.rpartition(",")[2].strip()
    return last or (request.client.host if request.client else "unknown")
