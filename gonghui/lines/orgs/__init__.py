"""The line of work 工会组织: building unions, re-electing them, keeping their legal status, ending them."""
