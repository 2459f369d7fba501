//! Small line drawings; the words beside them say the same.

use yew::prelude::*;

/// The sign of a section.
pub fn section(title: &str) -> Html {
    line(match title {
        "Overview" => "M3 13h3v4H3zM8.5 8h3v9h-3zM14 3h3v14h-3z",
        "Programs" => "M3 5h14v10H3zM3 9h14",
        "Partners" => {
            "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 3.8a3 3 0 0 1 0 5.4M15 12.4c1.8.7 3 2.4 3 4.6"
        }
        "Attribution" => "M4 16V9m6 7V4m6 12v-5M2 16h16",
        "Explorer" => "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM13 7l-1.800 4.200L7 13l1.800-4.200z",
        "Events" => "M2 10h4l2.5-6 3 12L14 10h4",
        "Commissions" => {
            "M10 2.500v15M13.5 6c-.6-1-1.9-1.5-3.5-1.5-2 0-3.5 1-3.5 2.6 0 3.6 7.3 1.9 7.3 5.6 0 1.7-1.6 2.8-3.8 2.8-1.8 0-3.2-.7-3.8-1.9"
        }
        "Payouts" => "M3 10h11M10 5.500l4.500 4.500-4.500 4.500M17 4v12",
        "Reviews" => "M4 17V3M4 4h11l-2.500 3.500L15 11H4",
        "Claims" => "M17 11.500a2 2 0 0 1-2 2H8l-4 3.500V5.500a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2zM8 8.500h5",
        "Registrations" => {
            "M10 2.500l6 2.500v5c0 4-2.700 6.300-6 7.500-3.300-1.200-6-3.500-6-7.500V5zM7.500 10l2 2 3.500-4"
        }
        "Splits" => "M10 3v5M10 8c0 4-6 3-6 8M10 8c0 4 6 3 6 8M2 14l2 2.500 2-2.500M14 14l2 2.500 2-2.500",
        "Settlements" => "M3 5h14v12H3zM3 9h14M7 3v4M13 3v4M7 13l2 2 4-4",
        "Funds" => {
            "M4 7c0-1.700 2.700-3 6-3s6 1.300 6 3-2.700 3-6 3-6-1.300-6-3zM4 7v6c0 1.700 2.700 3 6 3s6-1.300 6-3V7"
        }
        "Gifts" => {
            "M3 7h14v4H3zM4.5 11v6h11v-6M10 7v10M10 7C8 7 6 6 6 4.500S9 3 10 7c1-4 4-4 4-2.500S12 7 10 7z"
        }
        "Exchange rates" => "M4 7h12l-3-3M16 13H4l3 3",
        "Triggers" => "M11 2L4 11h5l-1 7 7-9h-5z",
        "Webhooks" => "M6 14a3 3 0 1 0 3 3h6M14 14l-4-8M10 6a3 3 0 1 0-3 1.500l-3 6",
        "Ledger" => "M5 3h11v14H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM7 7h6M7 11h6",
        "Imports" => "M10 3v10M6 9l4 4 4-4M3 15v2h14v-2",
        "Integrations" => "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3",
        _ => "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
    })
}

/// A looking glass.
pub fn search() -> Html {
    line("M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4")
}

fn line(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg> }
}
