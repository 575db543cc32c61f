"""The HTTP face: Supabase Auth's paths and shapes."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from auth_svc.errors import AuthError
from auth_svc.schemas import AccountBody, Credentials, SessionBody, TokenRequest, UserBody
from auth_svc.service import Identities, Scope

router = APIRouter(prefix="/auth/v1")

#: For the edge alone, which passes on nothing but `/auth/v1`.
private_router = APIRouter(prefix="/private")

#: Seconds for which the key set may be cached on the way; verifiers cache it as long themselves.
JWKS_MAX_AGE_S = 600


async def identities(request: Request) -> Identities:
    """The service behind the endpoints."""
    service: Identities = request.app.state.identities
    return service


async def bearer(authorization: Annotated[str | None, Header()] = None) -> str:
    """The access token of a request."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AuthError(
            401,
            "no_authorization",
            "This endpoint requires a valid Bearer token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token.strip()


async def client_address(request: Request) -> str:
    """Who asks: the edge, our only caller, adds the address it saw as the last header."""
    forwarded = request.headers.getlist("x-forwarded-for")
    if forwarded:
        return forwarded[-1].rpartition(",")[2].strip()
    return request.client.host if request.client else "unknown"


Service = Annotated[Identities, Depends(identities)]
Token = Annotated[str, Depends(bearer)]
Address = Annotated[str, Depends(client_address)]


async def uncached(response: Response) -> None:
    """Tokens are not for caches (RFC 6749, 5.1)."""
    response.headers["Cache-Control"] = "no-store"


@router.post("/signup", dependencies=[Depends(uncached)])
async def sign_up(body: Credentials, service: Service, address: Address) -> SessionBody:
    """Make an account; answers a session."""
    return await service.sign_up(body.email, body.password, address)


@router.post("/token", dependencies=[Depends(uncached)])
async def token(
    body: TokenRequest, service: Service, address: Address, grant_type: str = ""
) -> SessionBody:
    """Exchange a password or a refresh token for a session."""
    match grant_type:
        case "password" if body.email is not None and body.password is not None:
            return await service.by_password(body.email, body.password, address)
        case "refresh_token" if body.refresh_token:
            return await service.by_refresh_token(body.refresh_token)
        case "password":
            raise AuthError(400, "validation_failed", "email and password are required")
        case "refresh_token":
            raise AuthError(400, "validation_failed", "refresh_token is required")
        case _:
            raise AuthError(400, "invalid_credentials", "unsupported_grant_type")


@router.post("/logout", status_code=204)
async def logout(
    service: Service, access_token: Token, scope: Annotated[Scope, Query()] = "global"
) -> None:
    """End this session (`local`), all others, or all of the account."""
    await service.sign_out(access_token, scope)


@router.get("/user", dependencies=[Depends(uncached)])
async def user(service: Service, access_token: Token) -> UserBody:
    """The account of the token."""
    return await service.user(access_token)


@router.get("/.well-known/jwks.json")
async def jwks(service: Service, response: Response) -> dict[str, Any]:
    """The public signing keys."""
    response.headers["Cache-Control"] = f"public, max-age={JWKS_MAX_AGE_S}"
    return service.jwks()


@private_router.get("/account", dependencies=[Depends(uncached)])
async def account(service: Service, access_token: Token) -> AccountBody:
    """All that is kept of the token's account, without what is secret."""
    return await service.account(access_token)
