"""Union cadres (工会干部): how they are trained."""
