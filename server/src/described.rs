//! Routes, each with what the `OpenAPI` document says of it.
//!
//! The document is made from the routes where the program is built for development: `goodword openapi` prints it, and a test compares
//! it with the one that is checked in. What is shipped carries the latter, packed, and not the five megabytes of code that make it.

use crate::app::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::MethodRouter;

/// Handlers of one address.
pub struct Routes {
    pub path: String,
    pub handlers: MethodRouter<Shared>,
    #[cfg(debug_assertions)]
    pub told: Told,
}

/// What the document says of some handlers: the records they name, and the operations.
#[cfg(debug_assertions)]
#[derive(Default)]
pub struct Told {
    pub schemas: Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
    pub paths: utoipa::openapi::path::Paths,
}

impl Routes {
    /// Takes bodies of so many bytes.
    pub fn with_bodies_of(mut self, most: usize) -> Self {
        self.handlers = self.handlers.layer(DefaultBodyLimit::max(most));
        self
    }
}

/// Handlers that share an address, by what `#[utoipa::path]` says of each: `routes!(list, create)`.
macro_rules! routes {
    ($($handler:path),+ $(,)?) => {{
        use utoipa_axum::PathItemExt;
        let [path, ..] = [$(utoipa_axum::paste! { utoipa_axum::routes!(@path [path()] of $handler) }),+];
        let mut handlers = axum::routing::MethodRouter::new();
        #[cfg(debug_assertions)]
        let mut told = $crate::described::Told::default();
        $(
            let methods = utoipa_axum::paste! { utoipa_axum::routes!(@path [methods()] of $handler) };
            for method in &methods {
                handlers = handlers.on(method.to_method_filter(), $handler);
            }
            #[cfg(debug_assertions)]
            {
                let mut operation = utoipa_axum::paste! { utoipa_axum::routes!(@path [operation()] of $handler) };
                let tags = utoipa_axum::paste! { utoipa_axum::routes!(@path [tags()] of $handler) };
                operation.tags.get_or_insert_default().extend(tags.iter().map(ToString::to_string));
                utoipa_axum::paste! { utoipa_axum::routes!(@path [schemas(&mut told.schemas)] of $handler) };
                told.paths.add_path_operation(&path, methods, operation);
            }
        )+
        $crate::described::Routes { path, handlers, #[cfg(debug_assertions)] told }
    }};
}
pub(crate) use routes;

/// A router, and what the document says of its routes.
pub struct Described {
    pub router: Router<Shared>,
    #[cfg(debug_assertions)]
    pub document: utoipa::openapi::OpenApi,
}

impl Described {
    /// Without any route.
    pub fn none() -> Self {
        Self {
            router: Router::new(),
            #[cfg(debug_assertions)]
            document: utoipa::openapi::OpenApi::default(),
        }
    }

    /// With these handlers besides.
    pub fn routes(mut self, routes: Routes) -> Self {
        self.router = self.router.route(&routes.path, routes.handlers);
        #[cfg(debug_assertions)]
        {
            let mut more = utoipa::openapi::OpenApi::default();
            more.paths = routes.told.paths;
            more.components.get_or_insert_default().schemas.extend(routes.told.schemas);
            self.document.merge(more);
        }
        self
    }

    /// With the routes of another besides.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        #[cfg(debug_assertions)]
        self.document.merge(other.document);
        self
    }
}
